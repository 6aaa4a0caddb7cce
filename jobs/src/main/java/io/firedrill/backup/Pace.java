package io.firedrill.backup;

import java.util.function.LongConsumer;

/** Looks up from the work once a megabyte: tells how far it has come, and asks whether to go on. */
final class Pace {
    private static final long STRIDE = 1L << 20;

    private final Runnable checkpoint;
    private final LongConsumer progress;
    private long gathered;

    Pace(Runnable checkpoint, LongConsumer progress) {
        this.checkpoint = checkpoint;
        this.progress = progress;
    }

    void advance(long bytes) {
        gathered += bytes;
        if (gathered >= STRIDE) {
            flush();
        }
    }

    void flush() {
        progress.accept(gathered);
        gathered = 0;
        checkpoint.run();
    }
}
