package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;

/**
 * Collections by name: {@code database.collection} with {@code *} for any characters, or {@code database} for all of it. A
 * time series and its buckets are one thing, whichever of the names is given.
 */
public final class NamespacePattern {
    private final NamePattern database;
    private final NamePattern collection;

    private NamespacePattern(String database, String collection) {
        this.database = NamePattern.of(database);
        this.collection = NamePattern.of(collection);
    }

    /** The first dot divides: a database has none in its name. */
    static NamespacePattern parse(String text) {
        String stripped = text.strip();
        int dot = stripped.indexOf('.');
        String database = dot < 0 ? stripped : stripped.substring(0, dot);
        String collection = dot < 0 ? NamePattern.STAR : unbucketed(stripped.substring(dot + 1));
        if (database.isEmpty() || collection.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' names no collection".formatted(text),
                    "Give a database (shop), a collection (shop.orders) or a pattern (shop.*, *.audit).");
        }
        return new NamespacePattern(database, collection);
    }

    private static String unbucketed(String collection) {
        return isBuckets(collection) ? collection.substring(Namespace.BUCKETS.length()) : collection;
    }

    static boolean isBuckets(String collection) {
        return collection.startsWith(Namespace.BUCKETS);
    }

    boolean matches(Namespace namespace) {
        return matchesDatabase(namespace)
                && collection.matches(namespace.owner().collection());
    }

    boolean matchesDatabase(Namespace namespace) {
        return database.matches(namespace.database());
    }

    NamePattern database() {
        return database;
    }

    NamePattern collection() {
        return collection;
    }

    @Override
    public String toString() {
        return database.text() + "." + collection.text();
    }
}
