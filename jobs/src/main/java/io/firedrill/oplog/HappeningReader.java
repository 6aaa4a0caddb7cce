package io.firedrill.oplog;

import io.firedrill.archive.Selection;
import io.firedrill.mongo.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** It may make collections and indexes too. */
    private Optional<Happening> transaction(OplogEntry entry) {
        Set<String> touched = new TreeSet<>();
        Set<String> commands = new TreeSet<>();
        long documents = 0;
        for (BsonDocument each : entry.operations()) {
            OplogEntry operation = OplogEntry.within(each);
            String namespace = operation.isCommand() ? subject(operation) : operation.namespace();
            if (isSelected(namespace)) {
                touched.add(namespace);
                documents += operation.isCommand() ? 0 : 1;
                commands.addAll(operation.isCommand() ? List.of(operation.command()) : List.of());
            }
        }
        String kind = entry.isUndecided() ? "part of a transaction" : "transaction";
        return touched.isEmpty()
                ? Optional.empty()
                : Optional.of(happening(
                        entry,
                        commands.isEmpty() ? kind : kind + Happening.WITH + String.join(", ", commands),
                        String.join(", ", touched),
                        documents));
    }

    private static String subject(OplogEntry command) {
        BsonValue about = command.object().getOrDefault(command.command(), BsonNull.VALUE);
        return Namespace.parse(command.namespace()).database() + "."
                + (about.isString() ? about.asString().getValue() : "$cmd");
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
