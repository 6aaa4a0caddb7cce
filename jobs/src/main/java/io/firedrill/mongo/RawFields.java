package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bson.RawBsonDocument;

/** Steps over the fields of a raw document or array without decoding them. */
public final class RawFields {
    private final byte[] bytes;
    private final ByteBuffer buffer;
    private int next;
    private int name;
    private int value;

    public RawFields(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.next = offset + Integer.BYTES;
    }

    static RawFields of(RawBsonDocument document) {
        ByteBuffer raw = document.getByteBuffer().asNIO();
        return new RawFields(raw.array(), raw.arrayOffset() + raw.position());
    }

    /** Goes to the next field; false at the end. */
    public boolean next() {
        if (bytes[next] == 0) {
            return false;
        }
        name = next + 1;
        int end = name;
        while (bytes[end] != 0) {
            end++;
        }
        value = end + 1;
        next = value + BsonSizes.valueSize(type(), buffer, value);
        return true;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** The number of its value's BSON type. */
    public byte type() {
        return bytes[name - 1];
    }

    /** Where its name begins. */
    public int name() {
        return name;
    }

    public int nameLength() {
        return value - 1 - name;
    }

    public boolean isNamed(byte[] other) {
        return java.util.Arrays.equals(bytes, name, value - 1, other, 0, other.length);
    }

    /** Where its value begins. */
    public int value() {
        return value;
    }

    public int valueLength() {
        return next - value;
    }

    /** All of it as it lies: its type, its name and its value. */
    ByteBuffer field() {
        return ByteBuffer.wrap(bytes, name - 1, next - name + 1);
    }

    long longValue() {
        return buffer.getLong(value);
    }

    /** The fields of the document or array that it is. */
    public RawFields inner() {
        return new RawFields(bytes, value);
    }
}
