package io.firedrill.migration;

/** A process in which a migration tool is at work. Not safe for use by several threads, but for {@link #kill}. */
public interface RunningChange extends AutoCloseable {
    /**
     * Waits until it has ended.
     *
     * @throws io.firedrill.failure.Failure if it did not within its time, or could not be read
     */
    RunEnd await();

    boolean isAlive();

    /** The number of its process, by which others find it; 0 where it has none. */
    default long pid() {
        return 0;
    }

    /** Ends it with all that it started, as a lost machine would: it gets no word. */
    void kill();

    /** Stops it as a whole while its connections stay open, or lets it go on. */
    void freeze(boolean frozen);

    /** As {@link #kill}, where it has not ended; what it left on the disk is removed. */
    @Override
    void close();
}
