package io.firedrill.doctor;

import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** One action on one resource, as a role grants it. */
record Grant(BsonDocument resource, String action) {
    /** The server's own databases: a grant on "any collection" does not reach into them. */
    private static final Set<String> INTERNAL = Set.of("local", "config");

    private static final BsonString ANY = new BsonString("");
    private static final String DB = "db";
    private static final String COLLECTION = "collection";
    private static final String BUCKETS = "system_buckets";

    /** Takes privileges apart. */
    static List<Grant> all(BsonArray privileges) {
        return privileges.stream()
                .map(BsonValue::asDocument)
                .flatMap(privilege -> privilege.getArray("actions").stream()
                        .map(action -> new Grant(
                                privilege.getDocument("resource"),
                                action.asString().getValue())))
                .toList();
    }

    /** Whether whoever has this one may do what the other one allows, by the server's rules. */
    boolean covers(Grant other) {
        return action.equals(other.action) && (resource.equals(other.resource) || reaches(other.resource));
    }

    private boolean reaches(BsonDocument target) {
        if (resource.containsKey("anyResource")) {
            return true;
        }
        if (resource.containsKey(BUCKETS)) {
            return target.containsKey(BUCKETS) && within(DB, target) && within(BUCKETS, target);
        }
        return resource.containsKey(COLLECTION) && target.containsKey(COLLECTION) && reachesCollection(target);
    }

    private boolean reachesCollection(BsonDocument target) {
        String wanted = text(target, COLLECTION);
        if (!within(DB, target) || !within(COLLECTION, target)) {
            return false;
        }
        boolean any = text(resource, COLLECTION).isEmpty();
        boolean anywhere = any && text(resource, DB).isEmpty();
        return !(any && wanted.startsWith("system.")) && !(anywhere && INTERNAL.contains(text(target, DB)));
    }

    private boolean within(String name, BsonDocument target) {
        String own = text(resource, name);
        return own.isEmpty() || own.equals(text(target, name));
    }

    private static String text(BsonDocument resource, String name) {
        // The server leaves out what could be anything.
        return resource.getString(name, ANY).getValue();
    }

    /** "'find' on local.oplog.rs". */
    String words() {
        return "'%s' on %s".formatted(action, where());
    }

    private String where() {
        if (resource.containsKey("cluster")) {
            return "the cluster";
        }
        if (resource.containsKey("anyResource")) {
            return "any resource";
        }
        if (resource.containsKey(BUCKETS)) {
            return "the buckets of time series";
        }
        if (!resource.containsKey(COLLECTION)) {
            return resource.toJson();
        }
        String database = text(resource, DB);
        String collection = text(resource, COLLECTION);
        if (database.isEmpty()) {
            return collection.isEmpty() ? "any collection" : collection + " of any database";
        }
        return database + "." + (collection.isEmpty() ? "*" : collection);
    }
}
