package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;

/**
 * The source's oplog without a gap, from the oldest moment at which a backup was read, or from before it where a transaction
 * was under way, to the backup's consistency point.
 *
 * @param from the oldest moment: what came before is there only as parts of transactions
 * @param slices in order; together they hold every entry
 */
public record OplogSpan(OpTime from, List<Slice> slices) {
    public OplogSpan {
        slices = List.copyOf(slices);
    }

    /**
     * Raw entries, one after the other.
     *
     * @param first cluster time of the first entry
     * @param stored as a segment is, the cluster time of the last entry as its own
     */
    public record Slice(OpTime first, Segment stored) {
        public OpTime last() {
            return stored.at();
        }

        BsonDocument toBson() {
            return new BsonDocument("first", first.timestamp()).append("stored", stored.toBson());
        }

        static Slice from(BsonDocument bson) {
            return new Slice(OpTime.of(bson.getTimestamp("first")), Segment.from(bson.getDocument("stored")));
        }
    }

    /** The cluster time of the last entry: the consistency point. */
    public OpTime to() {
        return slices.getLast().last();
    }

    public long bytesStored() {
        return slices.stream().mapToLong(slice -> slice.stored().bytesStored()).sum();
    }

    BsonDocument toBson() {
        return new BsonDocument("from", from.timestamp())
                .append(
                        "slices",
                        new BsonArray(slices.stream().map(Slice::toBson).toList()));
    }

    static OplogSpan from(BsonDocument bson) {
        return new OplogSpan(
                OpTime.of(bson.getTimestamp("from")),
                bson.getArray("slices").stream()
                        .map(slice -> Slice.from(slice.asDocument()))
                        .toList());
    }
}
