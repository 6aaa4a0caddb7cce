package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What an archive has to know of an oplog entry, found in its raw bytes without decoding what was written.
 *
 * @param wall when its primary wrote it, by its own clock
 */
public record OplogHead(OplogPosition position, Instant wall) {
    private static final byte DATE = 0x09;
    private static final byte TIMESTAMP = 0x11;
    private static final byte LONG = 0x12;
    private static final byte[] TERM = name("t");
    private static final byte[] TIME = name("ts");
    private static final byte[] WALL = name("wall");

    /** Reads it from an entry's bytes. */
    public static OplogHead of(byte[] bytes, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
        long time = 0;
        long term = -1;
        long wall = 0;
        int position = offset + Integer.BYTES;
        while (bytes[position] != 0) {
            byte type = bytes[position];
            int name = position + 1;
            int value = name;
            while (bytes[value++] != 0) {}
            if (type == TIMESTAMP && is(bytes, name, TIME)) {
                time = buffer.getLong(value);
            } else if (type == LONG && is(bytes, name, TERM)) {
                term = buffer.getLong(value);
            } else if (type == DATE && is(bytes, name, WALL)) {
                wall = buffer.getLong(value);
            }
            position = value + BsonSizes.valueSize(type, buffer, value);
        }
        var at = new OpTime(time >>> Integer.SIZE, time & 0xFFFF_FFFFL);
        return new OplogHead(new OplogPosition(at, term), Instant.ofEpochMilli(wall));
    }

    public OpTime at() {
        return position.at();
    }

    private static boolean is(byte[] bytes, int at, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (bytes[at + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** With the zero that ends it. */
    private static byte[] name(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }
}
