package io.firedrill.mongo;

import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Estimates how large a collection is, and where to cut it into ranges of about equal size. */
public final class BoundSampler {
    /** Samples per range: the more, the more even the ranges. */
    private static final int SAMPLES_PER_RANGE = 20;

    private static final int RANGES_MAX = 5_000;

    private final Deployment deployment;

    public BoundSampler(Deployment deployment) {
        this.deployment = deployment;
    }

    /** The size of a collection's documents in bytes, uncompressed, as the server's fast statistics have it. */
    public long bytesOf(Namespace namespace) {
        // $collStats would have the engine gather all its statistics: milliseconds for each of ten thousand
        // collections.
        var command =
                new BsonDocument("dataSize", new BsonString(namespace.toString())).append("estimate", BsonBoolean.TRUE);
        return deployment.run(namespace.database(), command).getNumber("size").longValue();
    }

    /**
     * Bounds that cut a collection into ranges, in index order.
     *
     * @return one bound less than ranges, each as {@code {_id: x}}; fewer where the collection is too uniform or small
     */
    public List<BsonDocument> bounds(Namespace namespace, long ranges) {
        int wanted = (int) Math.min(ranges, RANGES_MAX);
        if (wanted < 2) {
            return List.of();
        }
        List<BsonValue> samples = aggregate(
                namespace,
                new BsonDocument("$sample", new BsonDocument("size", new BsonInt64((long) wanted * SAMPLES_PER_RANGE))),
                new BsonDocument("$project", new BsonDocument("_id", new BsonInt32(1))),
                new BsonDocument("$sort", new BsonDocument("_id", new BsonInt32(1))));
        if (samples.isEmpty()) {
            return List.of();
        }
        return IntStream.range(1, wanted)
                .mapToObj(range -> samples.get((int) ((long) range * samples.size() / wanted)))
                .map(BsonValue::asDocument)
                .distinct()
                .toList();
    }

    private List<BsonValue> aggregate(Namespace namespace, BsonDocument... stages) {
        var command = new BsonDocument("aggregate", new BsonString(namespace.collection()))
                .append("pipeline", new BsonArray(List.of(stages)))
                .append("cursor", new BsonDocument("batchSize", new BsonInt32(RANGES_MAX * SAMPLES_PER_RANGE)))
                .append("allowDiskUse", BsonBoolean.TRUE);
        return deployment.all(namespace.database(), command);
    }
}
