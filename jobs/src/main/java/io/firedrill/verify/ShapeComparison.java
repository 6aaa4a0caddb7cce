package io.firedrill.verify;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** Compares what collections and views are: kind, options and indexes as BSON, and that none is missing or surplus. */
public final class ShapeComparison {
    private ShapeComparison() {}

    /**
     * @param expected of the backup
     * @param found in the target, with the server's own collections
     * @return one line for each difference, by namespace; empty means equal
     */
    public static Map<Namespace, String> differences(List<CollectionShape> expected, List<CollectionShape> found) {
        Map<Namespace, CollectionShape> present = found.stream()
                .filter(shape -> !shape.namespace().isSystem())
                .collect(Collectors.toMap(CollectionShape::namespace, Function.identity()));
        Map<Namespace, String> differences = new TreeMap<>();
        for (CollectionShape shape : expected) {
            CollectionShape other = present.remove(shape.namespace());
            String difference = other == null ? "is missing" : difference(shape, other);
            if (!difference.isEmpty()) {
                differences.put(shape.namespace(), difference);
            }
        }
        present.keySet().forEach(surplus -> differences.put(surplus, "should not be there"));
        return differences;
    }

    private static String difference(CollectionShape expected, CollectionShape found) {
        List<String> parts = new ArrayList<>();
        if (expected.kind() != found.kind()) {
            parts.add("is a %s instead of a %s".formatted(found.kind(), expected.kind()));
        }
        if (!isEqual(options(expected), options(found))) {
            parts.add("has other options: " + differing(options(expected), options(found)));
        }
        if (expected.mixedSchema() != found.mixedSchema()) {
            parts.add("has another mark for buckets of mixed schema");
        }
        List<BsonDocument> expectedIndexes = byName(expected.indexes());
        List<BsonDocument> foundIndexes = byName(found.indexes());
        if (!isEqual(expectedIndexes, foundIndexes)) {
            parts.add(indexes(expectedIndexes, foundIndexes));
        }
        return String.join(", ", parts);
    }

    /** By their names; where these are the same, those whose definitions differ, and in what. */
    private static String indexes(List<BsonDocument> expected, List<BsonDocument> found) {
        if (!names(expected).equals(names(found))) {
            return "has other indexes: %s instead of %s".formatted(names(found), names(expected));
        }
        return IntStream.range(0, expected.size())
                .filter(i -> !isEqual(expected.get(i), found.get(i)))
                .mapToObj(i -> "has another index %s: %s"
                        .formatted(names(expected).get(i), differing(expected.get(i), found.get(i))))
                .collect(Collectors.joining(", "));
    }

    /** The fields that one of two definitions lacks or has otherwise; names only, since values may be data. */
    private static String differing(BsonDocument expected, BsonDocument found) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        names.removeIf(name -> expected.containsKey(name)
                && found.containsKey(name)
                && bytes(expected.get(name)).equals(bytes(found.get(name))));
        return String.join(", ", names);
    }

    private static boolean isEqual(List<BsonDocument> expected, List<BsonDocument> found) {
        return expected.size() == found.size()
                && IntStream.range(0, expected.size()).allMatch(i -> isEqual(expected.get(i), found.get(i)));
    }

    /** The server may list fields in another order; within them order counts: an index on a, b is none on b, a. */
    private static boolean isEqual(BsonDocument expected, BsonDocument found) {
        return expected.keySet().equals(found.keySet())
                && expected.entrySet().stream()
                        .allMatch(field -> bytes(field.getValue()).equals(bytes(found.get(field.getKey()))));
    }

    private static ByteBuffer bytes(@Nullable BsonValue value) {
        return new RawBsonDocument(new BsonDocument("", value), new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
    }

    /** The validator of buckets is the server's own and depends on its version. */
    private static BsonDocument options(CollectionShape shape) {
        if (!shape.namespace().isBuckets()) {
            return shape.options();
        }
        var compared = new BsonDocument();
        shape.options().forEach(compared::append);
        compared.remove("validator");
        return compared;
    }

    /** The server lists indexes in the order of their completion, which is no property of the data. */
    private static List<BsonDocument> byName(List<BsonDocument> indexes) {
        return indexes.stream()
                .sorted(Comparator.comparing(index -> index.getString("name").getValue()))
                .toList();
    }

    private static List<String> names(List<BsonDocument> indexes) {
        return indexes.stream().map(index -> index.getString("name").getValue()).toList();
    }
}
