package io.firedrill.archive;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Chunks that nobody holds any more: what one segment needed is used again for the next. New ones would have to be cleared, and
 * the collector would copy those in use each time it looks for those that are not. Thread-safe.
 */
final class SpareChunks {
    /** 96 MB: what two lanes hold of segments and of their compressed bytes. */
    private static final int CHUNKS_MAX = 384;

    private static final Queue<byte[]> SPARE = new ArrayBlockingQueue<>(CHUNKS_MAX);

    private SpareChunks() {}

    /** A chunk with anything in it. */
    static byte[] take() {
        byte[] spare = SPARE.poll();
        return spare == null ? new byte[ByteChunks.CHUNK] : spare;
    }

    /** Gives a chunk to whoever needs one next; more than there is room for are left to the collector, and so is what is no chunk. */
    static void give(byte[] chunk) {
        boolean _ = chunk.length == ByteChunks.CHUNK && SPARE.offer(chunk);
    }
}
