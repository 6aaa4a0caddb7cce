package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * What two servers say of a database, without a word of ours: dbHash, listCollections and listIndexes, and the buckets of time
 * series byte by byte.
 */
public final class Oracle {
    private Oracle() {}

    /**
     * A comparison of one database.
     *
     * @param digested the collections of which dbHash gives a digest
     * @param read the collections, buckets all, that were compared byte by byte
     * @param content those of both whose content differs
     * @param definitions the collections that listCollections gives differently
     * @param indexes the collections that listIndexes gives differently
     */
    public record Comparison(
            int collections,
            Set<String> digested,
            Set<String> read,
            Set<String> content,
            Set<String> definitions,
            Set<String> indexes) {
        private static final String FORMAT = "%-11s %-11s %-16s %s";

        /** What the columns of {@link #words} are about. */
        public static String heads() {
            return FORMAT.formatted("dbHash", "buckets", "listCollections", "listIndexes");
        }

        /** What is equal in all of some databases, with the number of collections where not each is compared in this way. */
        public static String words(List<Comparison> some) {
            return FORMAT.formatted(
                    content(some, Comparison::digested),
                    content(some, Comparison::read),
                    word(some, Comparison::definitions),
                    word(some, Comparison::indexes));
        }

        private static String content(List<Comparison> some, Function<Comparison, Set<String>> compared) {
            int count = some.stream().map(compared).mapToInt(Set::size).sum();
            boolean equal = some.stream().allMatch(one -> Collections.disjoint(compared.apply(one), one.content));
            return count == 0 ? "-" : "%s (%d)".formatted(word(equal), count);
        }

        private static String word(List<Comparison> some, Function<Comparison, Set<String>> differing) {
            return word(some.stream().map(differing).allMatch(Set::isEmpty));
        }

        private static String word(boolean equal) {
            return equal ? "equal" : "DIFFERS";
        }
    }

    public static Comparison compare(MongodServer one, MongodServer other, String database) {
        try (MongoClient left = one.client();
                MongoClient right = other.client()) {
            return compare(Said.by(left.getDatabase(database)), Said.by(right.getDatabase(database)));
        }
    }

    private static Comparison compare(Said one, Said other) {
        Set<String> content = differing(one.digests, other.digests);
        content.addAll(differing(one.buckets, other.buckets));
        return new Comparison(
                one.definitions.size(),
                union(one.digests, other.digests),
                union(one.buckets, other.buckets),
                content,
                differing(one.definitions, other.definitions),
                differing(one.indexes, other.indexes));
    }

    /** What one server says of each collection of a database. */
    private record Said(
            Map<String, String> digests,
            Map<String, List<String>> buckets,
            Map<String, String> definitions,
            Map<String, Set<String>> indexes) {
        static Said by(MongoDatabase database) {
            var said = new Said(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
            database.runCommand(new BsonDocument("dbHash", new BsonInt32(1)), BsonDocument.class)
                    .getDocument("collections")
                    .forEach((name, digest) ->
                            said.digests.put(name, digest.asString().getValue()));
            database.listCollections(BsonDocument.class).forEach(collection -> said.add(database, collection));
            return said;
        }

        private void add(MongoDatabase database, BsonDocument collection) {
            String name = collection.getString("name").getValue();
            // But for the identity that a server gives anew.
            collection.getDocument("info").remove("uuid");
            definitions.put(name, Exactly.definition(collection));
            if (!collection.getString("type").getValue().equals("view")) {
                indexes.put(name, Exactly.indexes(database, name));
            }
            if (name.startsWith(Exactly.BUCKETS)) {
                buckets.put(name, Exactly.documents(database, name));
            }
        }
    }

    private static Set<String> differing(Map<String, ?> one, Map<String, ?> other) {
        Set<String> names = union(one, other);
        names.removeIf(name -> one.containsKey(name) && one.get(name).equals(other.get(name)));
        return names;
    }

    private static Set<String> union(Map<String, ?> one, Map<String, ?> other) {
        var names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        return names;
    }
}
