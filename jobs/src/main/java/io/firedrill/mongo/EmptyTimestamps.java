package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds top-level fields that are {@code Timestamp(0,0)}: the server replaces them on insert. */
final class EmptyTimestamps {
    private static final byte TIMESTAMP = 0x11;

    private EmptyTimestamps() {}

    static boolean standIn(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int position = offset + Integer.BYTES;
        while (bytes[position] != 0) {
            byte type = bytes[position];
            int value = position + 1;
            while (bytes[value] != 0) {
                value++;
            }
            value++;
            if (type == TIMESTAMP && buffer.getLong(value) == 0) {
                return true;
            }
            position = value + BsonSizes.valueSize(type, buffer, value);
        }
        return false;
    }
}
