package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

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
     * Raw entries, one after the other, stored like a segment.
     *
     * @param first cluster time of the first entry
     * @param last cluster time of the last entry
     */
    public record Slice(
            OpTime first,
            OpTime last,
            long entries,
            long bytesRaw,
            long bytesStored,
            String sha256,
            String storedSha256) {

        /** For what is done with segments and slices alike: finding, checking and fetching their bytes. */
        public Segment asSegment() {
            return new Segment(
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    last,
                    entries,
                    bytesRaw,
                    bytesStored,
                    sha256,
                    storedSha256,
                    false);
        }

        private BsonDocument toBson() {
            return new BsonDocument("first", first.timestamp())
                    .append("last", last.timestamp())
                    .append("entries", new BsonInt64(entries))
                    .append("bytesRaw", new BsonInt64(bytesRaw))
                    .append("bytesStored", new BsonInt64(bytesStored))
                    .append("sha256", new BsonString(sha256))
                    .append("storedSha256", new BsonString(storedSha256));
        }

        private static Slice from(BsonDocument bson) {
            return new Slice(
                    OpTime.of(bson.getTimestamp("first")),
                    OpTime.of(bson.getTimestamp("last")),
                    bson.getInt64("entries").getValue(),
                    bson.getInt64("bytesRaw").getValue(),
                    bson.getInt64("bytesStored").getValue(),
                    Digests.checked(bson.getString("sha256").getValue()),
                    Digests.checked(bson.getString("storedSha256").getValue()));
        }
    }

    /** The cluster time of the last entry: the consistency point. */
    public OpTime to() {
        return slices.getLast().last();
    }

    public long entries() {
        return slices.stream().mapToLong(Slice::entries).sum();
    }

    public long bytesStored() {
        return slices.stream().mapToLong(Slice::bytesStored).sum();
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
