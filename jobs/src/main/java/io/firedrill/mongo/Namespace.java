package io.firedrill.mongo;

/**
 * A database and a collection in it. Names are data: MongoDB allows dots, dollars, spaces and any script in them, so
 * only what the server itself forbids is refused.
 */
public record Namespace(String database, String collection) implements Comparable<Namespace> {
    public static final Namespace USERS = new Namespace("admin", "system.users");
    public static final Namespace ROLES = new Namespace("admin", "system.roles");

    /** What the names of the collections begin with that hold the buckets of time series. */
    public static final String BUCKETS = "system.buckets.";

    private static final String VIEWS = "system.views";
    private static final String FORBIDDEN_IN_DATABASE = "/\\. \"$\0";

    public Namespace {
        boolean badDatabase = database.isEmpty()
                || database.length() > 63
                || database.chars().anyMatch(c -> FORBIDDEN_IN_DATABASE.indexOf(c) >= 0);
        if (badDatabase || collection.isEmpty() || collection.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a namespace: '%s.%s'".formatted(database, collection));
        }
    }

    /** Reads {@code database.collection}; the first dot divides. */
    public static Namespace parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("not a namespace: '%s'".formatted(text));
        }
        return new Namespace(text.substring(0, dot), text.substring(dot + 1));
    }

    /**
     * Whether the server keeps its own matters in it, like {@code system.views}. Stored functions and the buckets of time
     * series have system names too, and are the user's data.
     */
    public boolean isSystem() {
        return collection.startsWith("system.") && !isStoredFunctions() && !isBuckets();
    }

    /** Whether the functions lie in it that a database keeps for its own JavaScript. */
    public boolean isStoredFunctions() {
        return collection.equals("system.js");
    }

    /** Whether the deployment's users or its roles lie in it. */
    public boolean isAccess() {
        return equals(USERS) || equals(ROLES);
    }

    /** Whether it holds the raw buckets of a time series collection. */
    public boolean isBuckets() {
        return collection.startsWith(BUCKETS);
    }

    /** Where the server keeps the definitions of a database's views. */
    public static Namespace views(String database) {
        return new Namespace(database, VIEWS);
    }

    /** Whether the definitions of its database's views lie in it. */
    public boolean isViews() {
        return collection.equals(VIEWS);
    }

    /** Where the raw buckets of the time series collection of this name lie. */
    public Namespace buckets() {
        return new Namespace(database, BUCKETS + collection);
    }

    /** What a person calls it: for buckets the time series collection, else itself. */
    public Namespace owner() {
        return isBuckets() ? new Namespace(database, collection.substring(BUCKETS.length())) : this;
    }

    @Override
    public int compareTo(Namespace other) {
        int byDatabase = database.compareTo(other.database);
        return byDatabase != 0 ? byDatabase : collection.compareTo(other.collection);
    }

    @Override
    public String toString() {
        return database + "." + collection;
    }
}
