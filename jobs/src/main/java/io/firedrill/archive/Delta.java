package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * What became of a range since its base, an earlier segment, was read. The range holds the base's documents, but for those
 * with one of {@code ids}, and those of {@code object}, in the order of {@code _id}. Always on a whole segment, never on
 * another delta.
 *
 * @param object the documents that are new or not what they were, as a segment is stored, in the order of {@code _id}
 * @param ids of all documents that are new, changed or gone, in the same order
 * @param leftOut how many of the base's documents have one of these ids
 */
public record Delta(Segment object, BsonArray ids, long leftOut) {
    BsonDocument toBson() {
        return new BsonDocument("object", object.toBson()).append("ids", ids).append("leftOut", new BsonInt64(leftOut));
    }

    static Delta from(BsonDocument bson) {
        return new Delta(
                Segment.from(bson.getDocument("object")),
                bson.getArray("ids"),
                bson.getInt64("leftOut").getValue());
    }

    Delta moved(int position) {
        return new Delta(object.moved(position), ids, leftOut);
    }

    Delta again(int position, OpTime later) {
        return new Delta(object.again(position, later), ids, leftOut);
    }
}
