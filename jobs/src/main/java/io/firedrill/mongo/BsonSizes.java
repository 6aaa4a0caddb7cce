package io.firedrill.mongo;

import java.nio.ByteBuffer;

/** How many bytes a BSON value takes, by its type (bsonspec.org, version 1.1), so that it can be stepped over. */
final class BsonSizes {
    private BsonSizes() {}

    /**
     * @param value little-endian, holding the value at {@code at}
     */
    static int valueSize(byte type, ByteBuffer value, int at) {
        return switch (type) {
            case 0x06, 0x0A, 0x7F, (byte) 0xFF -> 0;
            case 0x08 -> 1;
            case 0x10 -> 4;
            case 0x01, 0x09, 0x11, 0x12 -> 8;
            case 0x07 -> 12;
            case 0x13 -> 16;
            case 0x02, 0x0D, 0x0E -> 4 + value.getInt(at);
            case 0x03, 0x04, 0x0F -> value.getInt(at);
            case 0x05 -> 5 + value.getInt(at);
            case 0x0B -> twoNames(value, at);
            case 0x0C -> 4 + value.getInt(at) + 12;
            default -> throw new IllegalStateException("not a BSON type: 0x%02x".formatted(type));
        };
    }

    private static int twoNames(ByteBuffer value, int at) {
        int end = at;
        for (int names = 0; names < 2; end++) {
            if (value.get(end) == 0) {
                names++;
            }
        }
        return end - at;
    }
}
