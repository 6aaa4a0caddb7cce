package io.firedrill.runner;

import io.firedrill.backup.SegmentSize;

/** How many lanes a heap has room for: each holds one segment in memory, and the commands made of it. */
final class Lanes {
    static final int MIN = 1;
    static final int MAX = 64;

    /** Two insert commands under way and what the driver copies of them. */
    private static final long COMMAND_BYTES_MAX = 48L << 20;

    private static final int USUAL_MIN = 2;

    private Lanes() {}

    static int fitting(long heapBytes) {
        long lane = SegmentSize.DEFAULT.max() + COMMAND_BYTES_MAX;
        return Math.clamp(heapBytes / lane, MIN, MAX);
    }

    /** One lane a processor, as far as the heap goes. */
    static int usual(int processors, long heapBytes) {
        return Math.min(Math.max(USUAL_MIN, processors), fitting(heapBytes));
    }
}
