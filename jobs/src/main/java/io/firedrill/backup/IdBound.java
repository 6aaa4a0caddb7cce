package io.firedrill.backup;

import java.nio.ByteBuffer;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** Where a range is cut: at a document's {@code _id}, which outlives the document. */
final class IdBound {
    private IdBound() {}

    /** The bound of a document whose bytes are the reply's, and will be the next one's: a document as {@code _id} shares them. */
    static BsonDocument of(byte[] bytes, int offset, int length) {
        BsonValue id = new RawBsonDocument(bytes, offset, length).get("_id");
        return new BsonDocument("_id", id instanceof RawBsonDocument shared ? copy(shared) : id);
    }

    private static RawBsonDocument copy(RawBsonDocument shared) {
        ByteBuffer buffer = shared.getByteBuffer().asNIO();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new RawBsonDocument(bytes);
    }
}
