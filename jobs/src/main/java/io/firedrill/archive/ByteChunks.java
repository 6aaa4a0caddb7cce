package io.firedrill.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Bytes in memory, in chunks small enough not to be humongous objects to the garbage collector: with a heap of 512 MB a
 * single array of a segment's size may find no room where the sum of its chunks does.
 */
final class ByteChunks extends OutputStream {
    static final int CHUNK = 256 << 10;

    private static final int PIECE = 64 << 10;
    private static final byte[] NOTHING = {};

    private final List<byte[]> chunks = new ArrayList<>();
    private long size;

    long size() {
        return size;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            int at = (int) (size % CHUNK);
            if (at == 0) {
                chunks.add(SpareChunks.take());
            }
            int some = Math.min(left, CHUNK - at);
            System.arraycopy(bytes, from, chunks.getLast(), at, some);
            from += some;
            left -= some;
            size += some;
        }
    }

    /** How many chunks are full: their bytes will not change. */
    int wholeChunks() {
        return (int) (size / CHUNK);
    }

    /** Digests the bytes that one chunk holds by now. */
    void update(MessageDigest digest, int chunk) {
        digest.update(chunks.get(chunk), 0, (int) Math.min(CHUNK, size - (long) chunk * CHUNK));
    }

    /** Takes a chunk, whose bytes count up to a length; they change once it has returned. */
    interface ChunkConsumer {
        void accept(byte[] bytes, int length) throws IOException;
    }

    /** Hands all bytes on, and each chunk's memory back as it goes. Without any, an empty chunk. */
    void drain(ChunkConsumer consumer) throws IOException {
        if (chunks.isEmpty()) {
            consumer.accept(NOTHING, 0);
        }
        for (int i = 0; i < chunks.size(); i++) {
            byte[] chunk = chunks.set(i, NOTHING);
            consumer.accept(chunk, (int) Math.min(CHUNK, size - (long) i * CHUNK));
            SpareChunks.give(chunk);
        }
        chunks.clear();
        size = 0;
    }

    /** Hands the memory back; the bytes are gone. */
    void release() {
        chunks.forEach(SpareChunks::give);
        chunks.clear();
        size = 0;
    }

    /** The bytes from the beginning. */
    InputStream open() {
        return new Reader();
    }

    private final class Reader extends InputStream {
        private long position;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (position == size) {
                return -1;
            }
            int at = (int) (position % CHUNK);
            int some = (int) Math.min(Math.min(length, CHUNK - at), size - position);
            System.arraycopy(chunks.get((int) (position / CHUNK)), at, bytes, offset, some);
            position += some;
            return some;
        }

        /** In pieces that the processor's cache holds until the kernel has copied them; the inherited way copies once more. */
        @Override
        public long transferTo(OutputStream out) throws IOException {
            long from = position;
            while (position < size) {
                int at = (int) (position % CHUNK);
                int some = (int) Math.min(Math.min(CHUNK - at, PIECE), size - position);
                out.write(chunks.get((int) (position / CHUNK)), at, some);
                position += some;
            }
            return size - from;
        }
    }
}
