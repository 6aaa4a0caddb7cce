package io.firedrill.oplog;

import io.firedrill.mongo.Namespace;
import org.bson.BsonBoolean;

/** The entries by which a collection or a database is lost. */
final class Losses {
    private Losses() {}

    /** What a server drops for itself, and leftovers of its own, nobody wants back. */
    static boolean isOne(OplogEntry entry) {
        if (ReplayScope.INTERNAL.contains(database(entry))) {
            return false;
        }
        return switch (entry.command()) {
            case "drop" -> !isTemporary(of(entry));
            case "dropDatabase" -> true;
            case "renameCollection" -> isReplacing(entry);
            default -> false;
        };
    }

    /** What is lost. */
    static String of(OplogEntry entry) {
        return switch (entry.command()) {
            case "dropDatabase" -> database(entry);
            case "renameCollection" -> entry.object().getString("to").getValue();
            default -> database(entry) + "." + entry.object().getString("drop").getValue();
        };
    }

    /** It names the collection that it replaces; false means none. */
    private static boolean isReplacing(OplogEntry entry) {
        return entry.object().containsKey("dropTarget")
                && !BsonBoolean.FALSE.equals(entry.object().get("dropTarget"));
    }

    private static boolean isTemporary(String namespace) {
        return Namespace.parse(namespace).collection().startsWith("tmp.agg_out.");
    }

    private static String database(OplogEntry entry) {
        return Namespace.parse(entry.namespace()).database();
    }
}
