package io.firedrill.archive;

import io.firedrill.mongo.RawFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** The {@code _id} of a raw document, where it lies: most are compared without being decoded. */
final class RawId {
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();
    private static final byte[] NAME = "_id".getBytes(StandardCharsets.UTF_8);

    private final byte[] bytes;
    private final int type;
    private final int value;
    private final int length;

    private RawId(RawFields field) {
        this.bytes = field.bytes();
        this.type = field.type();
        this.value = field.value();
        this.length = field.valueLength();
    }

    static RawId of(BsonValue id) {
        ByteBuffer raw = new RawBsonDocument(new BsonDocument("_id", id), CODEC)
                .getByteBuffer()
                .asNIO();
        return of(raw.array(), raw.arrayOffset() + raw.position()).orElseThrow();
    }

    static Optional<RawId> of(byte[] document, int offset) {
        for (var field = new RawFields(document, offset); field.next(); ) {
            if (field.isNamed(NAME)) {
                return Optional.of(new RawId(field));
            }
        }
        return Optional.empty();
    }

    /** Where it stands to another one in an index: what it has of invalid UTF-8, too, is compared as the server does. */
    int compareTo(RawId other) {
        if (type == other.type && type == BsonType.OBJECT_ID.getValue()) {
            return Arrays.compareUnsigned(bytes, value, value + length, other.bytes, other.value, other.value + length);
        }
        if (isText() && other.isText()) {
            return Arrays.compareUnsigned(
                    bytes, value + Integer.BYTES, textEnd(), other.bytes, other.value + Integer.BYTES, other.textEnd());
        }
        if (isInteger() && other.isInteger()) {
            return Long.compare(integer(), other.integer());
        }
        return BsonOrder.INSTANCE.compare(decoded(), other.decoded());
    }

    private boolean isText() {
        return type == BsonType.STRING.getValue() || type == BsonType.SYMBOL.getValue();
    }

    /** Without the zero at its end. */
    private int textEnd() {
        return value + length - 1;
    }

    private boolean isInteger() {
        return type == BsonType.INT32.getValue() || type == BsonType.INT64.getValue();
    }

    private long integer() {
        ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return type == BsonType.INT32.getValue() ? little.getInt(value) : little.getLong(value);
    }

    private BsonValue decoded() {
        byte[] document = new byte[Integer.BYTES + 2 + length + 1];
        ByteBuffer.wrap(document).order(ByteOrder.LITTLE_ENDIAN).putInt(document.length);
        document[Integer.BYTES] = (byte) type;
        System.arraycopy(bytes, value, document, Integer.BYTES + 2, length);
        return new RawBsonDocument(document).getOrDefault("", BsonNull.VALUE);
    }
}
