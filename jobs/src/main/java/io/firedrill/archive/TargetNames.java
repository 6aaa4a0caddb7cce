package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a server takes as a name: asked before the first write, where the server itself would answer in the midst of them. */
final class TargetNames {
    private static final Set<String> RESERVED = Set.of("admin", "config", "local", CatalogReader.OWN_DATABASE);
    private static final int DATABASE_BYTES_MAX = 63;
    private static final int NAMESPACE_BYTES_MAX = 255;

    private TargetNames() {}

    /** A name that somebody chose for a collection. */
    static Namespace checked(Namespace from, String database, String collection) {
        String wanted = database + "." + collection;
        if (RESERVED.contains(database.toLowerCase(Locale.ROOT))) {
            throw refused(from, wanted, "nothing is restored into the database %s".formatted(database));
        }
        if (bytes(database) > DATABASE_BYTES_MAX) {
            throw refused(from, wanted, "a database's name has at most %d bytes".formatted(DATABASE_BYTES_MAX));
        }
        boolean keepsItsName = collection.equals(from.collection());
        if (from.isStoredFunctions() && !keepsItsName) {
            throw refused(from, wanted, "stored functions are found under their own name only");
        }
        if (!keepsItsName && collection.startsWith("system.")) {
            throw refused(from, wanted, "names that begin with 'system.' are the server's");
        }
        if (collection.startsWith(".") || collection.contains("$")) {
            throw refused(from, wanted, "a collection's name has no '$' in it and does not begin with a dot");
        }
        try {
            return new Namespace(database, collection);
        } catch (IllegalArgumentException _) {
            throw refused(
                    from, wanted, "a name is not empty, and a database's has none of / \\ . \" $ or a space in it");
        }
    }

    static void requireShort(Namespace from, Namespace wanted) {
        if (bytes(wanted.toString()) > NAMESPACE_BYTES_MAX) {
            throw refused(
                    from,
                    wanted.toString(),
                    "database and collection together have at most %d bytes".formatted(NAMESPACE_BYTES_MAX));
        }
    }

    /** To a server, two databases whose names differ in case only are a mistake. */
    static void requireDistinctDatabases(Collection<Namespace> targets) {
        Map<String, String> known = new HashMap<>();
        for (Namespace target : targets) {
            String other = known.putIfAbsent(target.database().toLowerCase(Locale.ROOT), target.database());
            if (other != null && !other.equals(target.database())) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "--rename makes the databases %s and %s, which differ in case only"
                                .formatted(other, target.database()),
                        "Choose another name: no server holds both. Nothing was written.");
            }
        }
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Failure refused(Namespace from, String wanted, String rule) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s cannot be renamed to %s: %s".formatted(from, wanted, rule),
                "Choose another name with --rename; nothing was written.");
    }
}
