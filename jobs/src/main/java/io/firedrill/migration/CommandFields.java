package io.firedrill.migration;

import io.firedrill.migration.WriteCommand.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/** What the sections of one request say of its command, in whatever order they come. */
final class CommandFields {
    private static final int DOCUMENT_BYTES_MIN = 5;

    private final Map<String, Integer> counts = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private @Nullable String name;
    private Optional<WriteVerb> verb = Optional.empty();
    private String target = "";
    private String database = "";
    private String session = "";
    private @Nullable Long number;
    private boolean inTransaction;
    private @Nullable OutStage out;

    /** Whether its body was there, and is no command that writes. */
    boolean onlyReads() {
        return name != null && verb.isEmpty();
    }

    /** Reads the section that names the command. Of one that only reads, no more than the name is looked at. */
    void body(MessageInput in) {
        if (name != null) {
            throw new MalformedMessage("it has two bodies");
        }
        var reader = new BsonBinaryReader(in);
        reader.readStartDocument();
        if (reader.readBsonType() == BsonType.END_OF_DOCUMENT) {
            throw new MalformedMessage("it names no command");
        }
        name = reader.readName();
        verb = WriteVerb.of(name);
        if (verb.isPresent()) {
            target = text(reader);
            while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
                field(reader.readName(), verb.get().statements(), reader, in);
            }
            reader.readEndDocument();
        }
    }

    private void field(String field, String statements, BsonReader reader, MessageInput in) {
        switch (field) {
            case "$db" -> database = reader.readString();
            case "lsid" -> session = HexFormat.of().formatHex(in.copyOf(reader::skipValue));
            case "txnNumber" -> number = reader.readInt64();
            case "autocommit" -> inTransaction = !reader.readBoolean();
            case "to" -> written.add(text(reader));
            case "pipeline" -> out = OutStage.in(reader);
            case "nsInfo" -> elements(reader, this::namespace);
            default -> {
                if (field.equals(statements)) {
                    counts.put(field, elements(reader, BsonReader::skipValue));
                } else {
                    reader.skipValue();
                }
            }
        }
    }

    /** A text; empty for a value of another type. */
    static String text(BsonReader reader) {
        if (reader.getCurrentBsonType() == BsonType.STRING) {
            return reader.readString();
        }
        reader.skipValue();
        return "";
    }

    /** Reads an array, and gives how many elements it has; for what is none the server has an error. */
    private static int elements(BsonReader reader, Consumer<BsonReader> element) {
        if (reader.getCurrentBsonType() != BsonType.ARRAY) {
            reader.skipValue();
            return 0;
        }
        int count = 0;
        reader.readStartArray();
        for (; reader.readBsonType() != BsonType.END_OF_DOCUMENT; count++) {
            element.accept(reader);
        }
        reader.readEndArray();
        return count;
    }

    /** Reads a section of documents, which stands for an array of the same name. */
    void sequence(MessageInput in) {
        int end = in.getPosition();
        end += in.readSize(Integer.BYTES + 1);
        String field = in.readCString();
        int count = 0;
        for (; in.getPosition() < end; count++) {
            if (field.equals("nsInfo")) {
                namespace(new BsonBinaryReader(in));
            } else {
                in.skip(in.readSize(DOCUMENT_BYTES_MIN) - Integer.BYTES);
            }
        }
        if (in.getPosition() != end) {
            throw new MalformedMessage("a section of it ends within a document");
        }
        counts.put(field, count);
    }

    /** One of those that a bulkWrite is about. */
    private void namespace(BsonReader reader) {
        reader.readStartDocument();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (reader.readName().equals("ns")) {
                written.add(reader.readString());
            } else {
                reader.skipValue();
            }
        }
        reader.readEndDocument();
    }

    /** The whole, once all sections are read; empty if it only reads. */
    Optional<WriteCommand> command(boolean acknowledged) {
        if (name == null) {
            throw new MalformedMessage("it has no body");
        }
        if (verb.isEmpty() || (verb.get() == WriteVerb.AGGREGATE && out == null)) {
            return Optional.empty();
        }
        Optional<Attempt> attempt = number == null ? Optional.empty() : Optional.of(new Attempt(session, number));
        return Optional.of(new WriteCommand(
                verb.get(), namespaces(verb.get()), statements(verb.get()), inTransaction, acknowledged, attempt));
    }

    private int statements(WriteVerb of) {
        return of.statements().isEmpty() ? 1 : counts.getOrDefault(of.statements(), 0);
    }

    private List<String> namespaces(WriteVerb of) {
        return switch (of) {
            case COMMIT_TRANSACTION, ABORT_TRANSACTION -> List.of();
            case DROP_DATABASE -> List.of(database);
            case BULK_WRITE -> written;
            case RENAME_COLLECTION -> both(target, written);
            case AGGREGATE -> out == null ? List.of() : List.of(out.namespace(database));
            case INSERT,
                    UPDATE,
                    DELETE,
                    FIND_AND_MODIFY,
                    CREATE,
                    CREATE_INDEXES,
                    DROP,
                    DROP_INDEXES,
                    COLL_MOD,
                    CONVERT_TO_CAPPED -> List.of(database + "." + target);
        };
    }

    private static List<String> both(String from, List<String> to) {
        var all = new ArrayList<>(List.of(from));
        all.addAll(to);
        return all;
    }
}
