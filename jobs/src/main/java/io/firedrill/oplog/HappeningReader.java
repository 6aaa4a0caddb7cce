package io.firedrill.oplog;

import io.firedrill.archive.Selection;
import io.firedrill.mongo.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** Tells what an entry of an oplog did, without telling any value. */
final class HappeningReader {
    private static final String INDEX_BUILDS = "config.system.indexBuilds";

    private final Selection selection;

    HappeningReader(Selection selection) {
        this.selection = selection;
    }

    /** Empty for what did nothing to what is selected, and for the server's own notes. */
    Optional<Happening> of(OplogEntry entry) {
        return switch (entry.kind()) {
            case "n" -> Optional.empty();
            case "c" -> entry.isApplyOps() ? transaction(entry) : command(entry);
            default -> write(entry);
        };
    }

    private Optional<Happening> write(OplogEntry entry) {
        return entry.namespace().equals(INDEX_BUILDS) || !isSelected(entry.namespace())
                ? Optional.empty()
                : Optional.of(happening(entry, word(entry.kind()), entry.namespace(), 1));
    }

    /** An operation within another one's list has the kind of an entry. */
    private static String word(String kind) {
        return switch (kind) {
            case "i" -> "insert";
            case "u" -> "update";
            case "d" -> "delete";
            default -> "'" + kind + "'";
        };
    }

    private Optional<Happening> transaction(OplogEntry entry) {
        List<String> written = entry.operations().stream()
                .map(operation -> operation.getString("ns").getValue())
                .filter(this::isSelected)
                .toList();
        String kind = entry.isUndecided() ? "part of a transaction" : "transaction";
        return written.isEmpty()
                ? Optional.empty()
                : Optional.of(happening(entry, kind, String.join(", ", new TreeSet<>(written)), written.size()));
    }

    private Optional<Happening> command(OplogEntry entry) {
        String command = entry.command();
        String database = Namespace.parse(entry.namespace()).database();
        BsonValue about = entry.object().getOrDefault(command, BsonNull.VALUE);
        if (command.equals("renameCollection")) {
            String from = about.asString().getValue();
            String to = entry.object().getString("to").getValue();
            boolean replaces = Losses.isOne(entry);
            return isSelected(from) || isSelected(to)
                    ? Optional.of(happening(
                            entry, command, "%s to %s%s".formatted(from, to, replaces ? ", which it replaces" : ""), 0))
                    : Optional.empty();
        }
        if (!about.isString()) {
            boolean own = database.equals("admin") || !selection.takesOf(database);
            return own ? Optional.empty() : Optional.of(happening(entry, command, database, 0));
        }
        String namespace = database + "." + about.asString().getValue();
        return isSelected(namespace)
                ? Optional.of(happening(entry, command, namespace + detail(entry.object()), 0))
                : Optional.empty();
    }

    /** The name of an index is what one looks for. */
    private static String detail(BsonDocument command) {
        return command.isString("name")
                ? ", index " + command.getString("name").getValue()
                : command.isString("index")
                        ? ", index " + command.getString("index").getValue()
                        : "";
    }

    private boolean isSelected(String namespace) {
        return selection.takes(Namespace.parse(namespace));
    }

    private static Happening happening(OplogEntry entry, String kind, String what, long operations) {
        Instant wall = entry.raw().isDateTime("wall")
                ? Instant.ofEpochMilli(entry.raw().getDateTime("wall").getValue())
                : entry.at().instant();
        return new Happening(entry.at(), entry.at(), wall, kind, what, operations);
    }
}
