package io.firedrill.verify;

import io.firedrill.mongo.RawFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bson.BsonType;

/**
 * Writes a document with the fields of every document in it in the order of their names; arrays keep their order. It has the
 * same length. Values are not looked into, a scope of JavaScript neither. Not safe for use by several threads.
 */
final class CanonicalForm {
    private static final int BYTES_AT_FIRST = 1 << 12;

    private byte[] out = new byte[BYTES_AT_FIRST];

    /** A field, by where it lies. */
    private record Field(byte type, int name, int value, int end) {}

    /** Writes it; the array is the next one's too, and may be longer. */
    byte[] of(byte[] bytes, int offset, int length) {
        if (out.length < length) {
            out = new byte[Math.max(length, 2 * out.length)];
        }
        write(bytes, offset, true, 0);
        return out;
    }

    private int write(byte[] bytes, int offset, boolean document, int begin) {
        int at = copy(bytes, offset, offset + Integer.BYTES, begin);
        for (Field field : fields(bytes, offset, document)) {
            at = copy(bytes, field.name() - 1, field.value(), at);
            at = isNested(field.type())
                    ? write(bytes, field.value(), field.type() == BsonType.DOCUMENT.getValue(), at)
                    : copy(bytes, field.value(), field.end(), at);
        }
        out[at] = 0;
        return at + 1;
    }

    private static boolean isNested(byte type) {
        return type == BsonType.DOCUMENT.getValue() || type == BsonType.ARRAY.getValue();
    }

    private static List<Field> fields(byte[] bytes, int offset, boolean sorted) {
        List<Field> fields = new ArrayList<>();
        for (RawFields field = new RawFields(bytes, offset); field.next(); ) {
            fields.add(new Field(field.type(), field.name(), field.value(), field.value() + field.valueLength()));
        }
        if (sorted) {
            // Stable: of two fields of one name, the first stays the first.
            fields.sort(byName(bytes));
        }
        return fields;
    }

    private static Comparator<Field> byName(byte[] bytes) {
        return (one, other) ->
                Arrays.compareUnsigned(bytes, one.name(), one.value(), bytes, other.name(), other.value());
    }

    private int copy(byte[] bytes, int begin, int end, int at) {
        System.arraycopy(bytes, begin, out, at, end - begin);
        return at + end - begin;
    }
}
