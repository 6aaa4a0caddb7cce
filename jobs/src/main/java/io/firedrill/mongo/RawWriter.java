package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one BSON document after the other into an array that is used again and again: statements around raw documents. */
final class RawWriter {
    static final byte DOCUMENT = 3;
    static final byte ARRAY = 4;
    private static final byte BOOLEAN = 8;
    private static final byte INT32 = 16;
    private static final int DEPTH_MAX = 8;

    private final int[] starts = new int[DEPTH_MAX];
    private byte[] bytes = new byte[4 << 10];
    private int end;
    private int depth;

    byte[] bytes() {
        return bytes;
    }

    /** How many bytes of the array are in use. */
    int length() {
        return end;
    }

    /** Begins a new document in the place of the one before. */
    void begin() {
        end = 0;
        depth = 0;
        open();
    }

    void begin(byte type, byte[] name) {
        name(type, name, 0, name.length);
        open();
    }

    private void open() {
        reserve(Integer.BYTES);
        starts[depth++] = end;
        end += Integer.BYTES;
    }

    /** Ends the innermost document. */
    void end() {
        reserve(1);
        bytes[end++] = 0;
        int start = starts[--depth];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(start, end - start);
    }

    void yes(byte[] name, int nameLength) {
        name(BOOLEAN, name, 0, nameLength);
        reserve(1);
        bytes[end++] = 1;
    }

    void int32(byte[] name, int value) {
        name(INT32, name, 0, name.length);
        reserve(Integer.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(end, value);
        end += Integer.BYTES;
    }

    /** Forgets what was begun since, without having been ended. */
    void rewind(int length) {
        end = length;
        depth--;
    }

    /** The type and name of an element; its value follows. */
    void name(byte type, byte[] source, int offset, int length) {
        reserve(length + 2);
        bytes[end++] = type;
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
        bytes[end++] = 0;
    }

    void raw(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    private void reserve(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + more, 2 * bytes.length));
        }
    }

    static byte[] nameOf(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
