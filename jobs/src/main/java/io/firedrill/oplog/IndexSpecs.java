package io.firedrill.oplog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonNumber;
import org.bson.BsonValue;

/** The indexes of a collection, as {@code listIndexes} gives them, out of the entries that made and changed them. */
final class IndexSpecs {
    private static final List<String> FLAGS = List.of("hidden", "prepareUnique");
    private static final Set<String> TRUTHS = Set.of("unique", "sparse", "hidden", "prepareUnique");
    private static final Set<String> WHOLE_NUMBERS =
            Set.of("v", "expireAfterSeconds", "bits", "textIndexVersion", "2dsphereIndexVersion");
    private static final Set<String> FRACTIONS = Set.of("min", "max", "bucketSize");

    private IndexSpecs() {}

    /** What a collection has from its beginning: the index on {@code _id}, or the order that it is kept in. */
    static List<BsonDocument> of(BsonDocument create) {
        if (create.containsKey("idIndex")) {
            return List.of(create.getDocument("idIndex"));
        }
        // Buckets of a time series are clustered too, and nothing of that is listed.
        if (!create.isDocument("clusteredIndex")) {
            return List.of();
        }
        BsonDocument spec = CollectionOptions.copy(create.getDocument("clusteredIndex"));
        if (create.containsKey("collation")) {
            spec.append("collation", create.getDocument("collation"));
        }
        return List.of(spec.append("clustered", BsonBoolean.TRUE));
    }

    /** Of an index on an empty collection, which stands in the command itself. */
    static BsonDocument created(BsonDocument createIndexes) {
        BsonDocument spec = CollectionOptions.copy(createIndexes);
        spec.remove("createIndexes");
        return listed(spec);
    }

    static List<BsonDocument> committed(BsonDocument commit) {
        return commit.getArray("indexes").stream()
                .map(spec -> listed(spec.asDocument()))
                .toList();
    }

    /** An entry has numbers in the type in which somebody once gave them; the server lists each in a type of its own. */
    private static BsonDocument listed(BsonDocument spec) {
        var listed = new BsonDocument();
        spec.forEach((key, value) -> listed.append(key, value.isNumber() ? listed(key, value.asNumber()) : value));
        return listed;
    }

    private static BsonValue listed(String key, BsonNumber number) {
        if (TRUTHS.contains(key)) {
            return BsonBoolean.valueOf(number.doubleValue() != 0);
        }
        if (WHOLE_NUMBERS.contains(key)) {
            return new BsonInt32(number.intValue());
        }
        return FRACTIONS.contains(key) ? new BsonDouble(number.doubleValue()) : number;
    }

    static String name(BsonDocument spec) {
        return spec.getString("name").getValue();
    }

    static Optional<BsonDocument> find(List<BsonDocument> indexes, String name) {
        return indexes.stream().filter(spec -> name(spec).equals(name)).findFirst();
    }

    static List<BsonDocument> with(List<BsonDocument> indexes, List<BsonDocument> more) {
        return Stream.concat(indexes.stream(), more.stream()).toList();
    }

    static List<BsonDocument> without(List<BsonDocument> indexes, String name) {
        return indexes.stream().filter(spec -> !name(spec).equals(name)).toList();
    }

    /** One of them changed by {@code collMod}. */
    static List<BsonDocument> changed(List<BsonDocument> indexes, BsonDocument change) {
        return indexes.stream()
                .map(spec -> name(spec).equals(name(change)) ? changed(spec, change) : spec)
                .toList();
    }

    private static BsonDocument changed(BsonDocument spec, BsonDocument change) {
        BsonDocument changed = CollectionOptions.copy(spec);
        change.forEach((key, value) -> {
            if (FLAGS.contains(key)) {
                changed.remove(key);
                if (value.asBoolean().getValue()) {
                    changed.append(key, value);
                }
            } else if (key.equals("expireAfterSeconds")) {
                changed.put(key, listed(key, value.asNumber()));
            } else if (key.equals("unique")) {
                changed.remove("prepareUnique");
                changed.put(key, value);
            }
        });
        return changed;
    }
}
