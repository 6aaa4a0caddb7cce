package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * A stored range of one collection: all its documents with {@code min <= _id < max} at one cluster time, in index order. Where
 * it has a delta, the object that it names is of an earlier moment, and so are its figures; the two together are the range.
 *
 * @param collection position in the plan's list of collections
 * @param min inclusive, as {@code {_id: x}}; empty means from the first
 * @param max exclusive; empty means to the last
 * @param sha256 over the raw documents, one after the other: content address, dedup key and proof in one
 * @param storedSha256 over the object's bytes as they lie in the store
 * @param reused whether an earlier backup had stored it already
 * @param delta what has changed since the object was read
 */
public record Segment(
        int collection,
        Optional<BsonDocument> min,
        Optional<BsonDocument> max,
        OpTime at,
        long documents,
        long bytesRaw,
        long bytesStored,
        String sha256,
        String storedSha256,
        boolean reused,
        Optional<Sealed> sealed,
        Optional<Delta> delta) {

    /** One that holds all of its range itself. */
    public Segment(
            int collection,
            Optional<BsonDocument> min,
            Optional<BsonDocument> max,
            OpTime at,
            long documents,
            long bytesRaw,
            long bytesStored,
            String sha256,
            String storedSha256,
            boolean reused,
            Optional<Sealed> sealed) {
        this(
                collection,
                min,
                max,
                at,
                documents,
                bytesRaw,
                bytesStored,
                sha256,
                storedSha256,
                reused,
                sealed,
                Optional.empty());
    }

    /**
     * How an encrypted segment is found and opened.
     *
     * @param address its name in the store
     * @param keyId the data key that it is encrypted with
     */
    public record Sealed(String address, String keyId) {}

    /** Its name in the store. */
    public String address() {
        return sealed.map(Sealed::address).orElse(sha256);
    }

    /** What of it lies in the store: one object, or that and its delta's. */
    public List<Segment> objects() {
        return delta.map(changed -> List.of(whole(), changed.object())).orElseGet(() -> List.of(this));
    }

    /** How many documents the range holds. */
    public long documentsOfRange() {
        return delta.map(changed ->
                        documents - changed.leftOut() + changed.object().documents())
                .orElse(documents);
    }

    /** The raw bytes of its objects: as many as the range holds, or more by what a delta replaces. */
    public long bytesOfObjects() {
        return bytesRaw + delta.map(changed -> changed.object().bytesRaw()).orElse(0L);
    }

    /** Its object alone, without what has changed since. */
    public Segment whole() {
        return with(collection, at, reused, Optional.empty());
    }

    /** The same where its collection has another position in the list. */
    Segment moved(int position) {
        return with(position, at, reused, delta.map(changed -> changed.moved(position)));
    }

    /** The same, found in the source unchanged at a later moment, as another backup names it. */
    public Segment again(int position, OpTime later) {
        return with(position, later, true, delta.map(changed -> changed.again(position, later)));
    }

    /** Its object, brought to a later moment by what has changed since that was read. */
    public Segment changed(int position, OpTime later, Delta since) {
        return with(position, later, true, Optional.of(since));
    }

    private Segment with(int position, OpTime moment, boolean known, Optional<Delta> since) {
        return new Segment(
                position,
                min,
                max,
                moment,
                documents,
                bytesRaw,
                bytesStored,
                sha256,
                storedSha256,
                known,
                sealed,
                since);
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("collection", new BsonInt32(collection));
        min.ifPresent(bound -> bson.append("min", bound));
        max.ifPresent(bound -> bson.append("max", bound));
        sealed.ifPresent(
                how -> bson.append("address", new BsonString(how.address)).append("keyId", new BsonString(how.keyId)));
        delta.ifPresent(changed -> bson.append("delta", changed.toBson()));
        return bson.append("at", at.timestamp())
                .append("documents", new BsonInt64(documents))
                .append("bytesRaw", new BsonInt64(bytesRaw))
                .append("bytesStored", new BsonInt64(bytesStored))
                .append("sha256", new BsonString(sha256))
                .append("storedSha256", new BsonString(storedSha256))
                .append("reused", BsonBoolean.valueOf(reused));
    }

    static Segment from(BsonDocument bson) {
        return new Segment(
                bson.getInt32("collection").getValue(),
                bound(bson, "min"),
                bound(bson, "max"),
                OpTime.of(bson.getTimestamp("at")),
                bson.getInt64("documents").getValue(),
                bson.getInt64("bytesRaw").getValue(),
                bson.getInt64("bytesStored").getValue(),
                Digests.checked(bson.getString("sha256").getValue()),
                Digests.checked(bson.getString("storedSha256").getValue()),
                bson.getBoolean("reused").getValue(),
                sealed(bson),
                bson.containsKey("delta") ? Optional.of(Delta.from(bson.getDocument("delta"))) : Optional.empty());
    }

    private static Optional<Sealed> sealed(BsonDocument bson) {
        return bson.containsKey("keyId")
                ? Optional.of(new Sealed(
                        Digests.checked(bson.getString("address").getValue()),
                        DataKey.checkedId(bson.getString("keyId").getValue())))
                : Optional.empty();
    }

    static Optional<BsonDocument> bound(BsonDocument bson, String name) {
        return bson.containsKey(name) ? Optional.of(bson.getDocument(name)) : Optional.empty();
    }
}
