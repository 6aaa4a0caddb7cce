package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** What two servers say of a database, without a word of ours: dbHash, listCollections and listIndexes. */
public final class Oracle {
    private Oracle() {}

    /**
     * A comparison of one database.
     *
     * @param content the collections whose digests differ
     * @param definitions the collections that listCollections gives differently
     * @param indexes the collections that listIndexes gives differently
     */
    public record Comparison(int collections, Set<String> content, Set<String> definitions, Set<String> indexes) {
        private static final String FORMAT = "  %-22s %11s  %-8s %-16s %s";

        public static String header() {
            return FORMAT.formatted("", "collections", "dbHash", "listCollections", "listIndexes");
        }

        public static String row(String name, List<Comparison> some) {
            return FORMAT.formatted(
                    name.toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    some.stream().mapToInt(Comparison::collections).sum(),
                    word(some, Comparison::content),
                    word(some, Comparison::definitions),
                    word(some, Comparison::indexes));
        }

        private static String word(List<Comparison> some, Function<Comparison, Set<String>> differing) {
            return some.stream().map(differing).allMatch(Set::isEmpty) ? "equal" : "DIFFERS";
        }
    }

    public static Comparison compare(MongodServer one, MongodServer other, String database) {
        try (MongoClient left = one.client();
                MongoClient right = other.client()) {
            MongoDatabase first = left.getDatabase(database);
            MongoDatabase second = right.getDatabase(database);
            Map<String, BsonDocument> definitions = definitions(first);
            return new Comparison(
                    definitions.size(),
                    differing(digests(first), digests(second)),
                    differing(definitions, definitions(second)),
                    differing(indexes(first, definitions), indexes(second, definitions(second))));
        }
    }

    private static Map<String, Object> digests(MongoDatabase database) {
        BsonDocument reply = database.runCommand(new BsonDocument("dbHash", new BsonInt32(1)), BsonDocument.class);
        return new TreeMap<>(reply.getDocument("collections"));
    }

    /** But for the identities that a server gives anew. */
    private static Map<String, BsonDocument> definitions(MongoDatabase database) {
        var all = new TreeMap<String, BsonDocument>();
        for (BsonDocument collection : database.listCollections(BsonDocument.class)) {
            collection.getDocument("info").remove("uuid");
            all.put(collection.getString("name").getValue(), collection);
        }
        return all;
    }

    private static Map<String, Object> indexes(MongoDatabase database, Map<String, BsonDocument> definitions) {
        var all = new TreeMap<String, Object>();
        definitions.forEach((name, definition) -> {
            if (!definition.getString("type").getValue().equals("view")) {
                Set<BsonDocument> found = new java.util.HashSet<>();
                database.getCollection(name).listIndexes(BsonDocument.class).into(found);
                all.put(name, found);
            }
        });
        return all;
    }

    private static Set<String> differing(Map<String, ?> one, Map<String, ?> other) {
        var names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        var differing = new ArrayList<>(names);
        differing.removeIf(name -> one.containsKey(name) && one.get(name).equals(other.get(name)));
        return new TreeSet<>(differing);
    }
}
