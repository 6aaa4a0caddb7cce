package io.firedrill.verify;

import io.firedrill.archive.RedactedId;
import io.firedrill.mongo.RawFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * The {@code _id} of a document by its bytes: {@code 1} and {@code 1.0} are two ids here. The collections of a server that need
 * none may hold documents without one; empty bytes stand for that.
 *
 * @param bytes its type and its value, a character for each byte
 */
record DocumentId(String bytes) {
    private static final byte[] NAME = {'_', 'i', 'd'};
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Copied out of the document's bytes. */
    static DocumentId of(byte[] document, int offset) {
        for (RawFields field = new RawFields(document, offset); field.next(); ) {
            if (field.isNamed(NAME)) {
                byte[] id = new byte[1 + field.valueLength()];
                id[0] = field.type();
                System.arraycopy(document, field.value(), id, 1, field.valueLength());
                return new DocumentId(new String(id, StandardCharsets.ISO_8859_1));
            }
        }
        return new DocumentId("");
    }

    /** Which of several buckets, a power of two, its document is counted in. */
    int bucket(int buckets) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < bytes.length(); i++) {
            hash = (hash ^ bytes.charAt(i)) * FNV_PRIME;
        }
        // The high bits are the better mixed ones.
        return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(buckets)));
    }

    boolean isNone() {
        return bytes.isEmpty();
    }

    private BsonValue value() {
        byte[] id = bytes.getBytes(StandardCharsets.ISO_8859_1);
        var document =
                ByteBuffer.allocate(Integer.BYTES + NAME.length + 2 + id.length).order(ByteOrder.LITTLE_ENDIAN);
        document.putInt(document.capacity()).put(id[0]).put(NAME).put((byte) 0).put(id, 1, id.length - 1);
        return new RawBsonDocument(document.array()).getOrDefault("_id", BsonNull.VALUE);
    }

    /** A find command for the documents that the server takes for this one. */
    BsonDocument find(String collection) {
        return new BsonDocument("find", new BsonString(collection))
                .append("filter", new BsonDocument("_id", new BsonDocument("$eq", value())))
                .append("collation", new BsonDocument("locale", new BsonString("simple")))
                // One for each type of number at most.
                .append("limit", new BsonInt32(4));
    }

    /** Of documents that a server gave, the one with this very id. */
    Optional<RawBsonDocument> among(Iterable<BsonValue> documents) {
        for (BsonValue each : documents) {
            var document = (RawBsonDocument) each.asDocument();
            ByteBuffer raw = document.getByteBuffer().asNIO();
            if (of(raw.array(), raw.arrayOffset() + raw.position()).equals(this)) {
                return Optional.of(document);
            }
        }
        return Optional.empty();
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return isNone() ? "(none)" : RedactedId.of(value());
    }
}
