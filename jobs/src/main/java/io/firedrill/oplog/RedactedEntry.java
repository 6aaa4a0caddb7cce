package io.firedrill.oplog;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** An entry as messages print it: what it is and what it is about, and of everything that may be data only the type. */
final class RedactedEntry {
    private static final List<String> PLAIN = List.of("op", "ns", "ui", "ts", "t", "v", "multiOpType");

    private RedactedEntry() {}

    static String of(OplogEntry entry) {
        boolean command = entry.kind().equals("c");
        return entry.raw().entrySet().stream()
                .map(field -> "%s: %s"
                        .formatted(
                                field.getKey(),
                                PLAIN.contains(field.getKey())
                                        ? plain(field.getValue())
                                        : field.getKey().equals("o") && command
                                                ? fields(field.getValue().asDocument())
                                                : type(field.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** The command itself and what it names; whatever else it says by type. */
    private static String fields(BsonDocument command) {
        String first = command.isEmpty() ? "" : command.getFirstKey();
        return command.entrySet().stream()
                .map(field -> "%s: %s"
                        .formatted(
                                field.getKey(),
                                field.getKey().equals(first) ? plain(field.getValue()) : type(field.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String plain(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> "\"%s\"".formatted(value.asString().getValue());
            case INT32, INT64 -> Long.toString(value.asNumber().longValue());
            case BINARY ->
                org.bson.BsonBinarySubType.isUuid(value.asBinary().getType())
                        ? value.asBinary().asUuid().toString()
                        : type(value);
            case TIMESTAMP -> io.firedrill.mongo.OpTime.of(value.asTimestamp()).toString();
            default -> type(value);
        };
    }

    private static String type(BsonValue value) {
        return "<%s>".formatted(value.getBsonType().name().toLowerCase(Locale.ROOT));
    }
}
