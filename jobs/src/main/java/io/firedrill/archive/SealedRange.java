package io.firedrill.archive;

import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * What a source held in one range of a collection at a seal's moment.
 *
 * @param collection position in the seal's list of collections
 * @param min inclusive, as {@code {_id: x}}; empty means from the first
 * @param max exclusive; empty means to the last
 * @param bytes of raw documents
 * @param sha256 over the raw documents, one after the other, in index order; of a capped collection in natural order
 */
public record SealedRange(
        int collection,
        Optional<BsonDocument> min,
        Optional<BsonDocument> max,
        long documents,
        long bytes,
        String sha256) {

    /** The same where its collection has another position in the list. */
    SealedRange moved(int position) {
        return new SealedRange(position, min, max, documents, bytes, sha256);
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("collection", new BsonInt32(collection));
        min.ifPresent(bound -> bson.append("min", bound));
        max.ifPresent(bound -> bson.append("max", bound));
        return bson.append("documents", new BsonInt64(documents))
                .append("bytes", new BsonInt64(bytes))
                .append("sha256", new BsonString(sha256));
    }

    static SealedRange from(BsonDocument bson) {
        return new SealedRange(
                bson.getInt32("collection").getValue(),
                Segment.bound(bson, "min"),
                Segment.bound(bson, "max"),
                bson.getInt64("documents").getValue(),
                bson.getInt64("bytes").getValue(),
                Digests.checked(bson.getString("sha256").getValue()));
    }
}
