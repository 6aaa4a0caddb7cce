package io.firedrill.backup;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The gate that every megabyte read from the source passes: so many lanes at a time, so many bytes a second. Its width can
 * change while lanes are on their way through. Safe for use by many threads.
 *
 * <p>Lanes take turns, megabyte by megabyte: a narrow gate slows every scan down and starves none, since a cursor that
 * nobody asks for ten minutes would be closed.
 */
public final class ReadGate {
    private static final long NANOS_A_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A pause is cut into pieces of this length, so that a lane asked to stop does stop. */
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);

    private final int lanes;
    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private final LongConsumer park;
    private final Turns turns;
    private double width;
    private long nextFree;

    /**
     * @param lanes how wide it is when it is wide open
     * @param bytesPerSecond of raw documents, over all lanes together; 0 is no limit
     * @param nanos a monotonic clock
     */
    public ReadGate(int lanes, long bytesPerSecond, LongSupplier nanos) {
        this(lanes, bytesPerSecond, nanos, LockSupport::parkNanos);
    }

    /**
     * @param park lets a number of nanoseconds pass, or fewer
     */
    ReadGate(int lanes, long bytesPerSecond, LongSupplier nanos, LongConsumer park) {
        this.park = park;
        this.lanes = lanes;
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.turns = new Turns(lanes);
        this.width = lanes;
        this.nextFree = nanos.getAsLong();
    }

    /** How many lanes may pass at a time; below 1, one lane that rests the remaining share of the time. */
    public synchronized double width() {
        return width;
    }

    public int lanes() {
        return lanes;
    }

    synchronized void width(double wanted) {
        turns.change(lanesAtOnce(wanted) - lanesAtOnce(width));
        width = wanted;
    }

    private static int lanesAtOnce(double width) {
        return Math.max(1, (int) width);
    }

    /** A lane's stay; every scan has one of its own. */
    public final class Turn implements AutoCloseable {
        private long since;

        private Turn() {
            turns.acquireUninterruptibly();
            since = nanos.getAsLong();
        }

        /**
         * Lets the others have their turn, and waits as long as the limits demand.
         *
         * @param checkpoint throws when the run must not go on
         */
        public void passed(long bytes, Runnable checkpoint) {
            long now = nanos.getAsLong();
            pauseUntil(Math.max(reserve(bytes, now), now + rest(now - since)), checkpoint);
            turns.release();
            turns.acquireUninterruptibly();
            since = nanos.getAsLong();
        }

        @Override
        public void close() {
            turns.release();
        }
    }

    public Turn enter() {
        return new Turn();
    }

    /** When the bytes that were just read are paid for. Time in which nobody read is not saved up. */
    private synchronized long reserve(long bytes, long now) {
        if (bytesPerSecond == 0) {
            return now;
        }
        if (nextFree - now < 0) {
            nextFree = now;
        }
        nextFree += (long) ((double) bytes / bytesPerSecond * NANOS_A_SECOND);
        return nextFree;
    }

    private synchronized long rest(long worked) {
        return width >= 1 ? 0 : (long) (worked * (1 / width - 1));
    }

    private void pauseUntil(long end, Runnable checkpoint) {
        for (long left = end - nanos.getAsLong(); left > 0; left = end - nanos.getAsLong()) {
            park.accept(Math.min(left, PAUSE_NANOS_MAX));
            checkpoint.run();
        }
    }

    /** Fair, so that the lane that waits longest is next; permits may be owed where the gate narrowed under way. */
    private static final class Turns extends Semaphore {
        private static final long serialVersionUID = 1;

        Turns(int lanes) {
            super(lanes, true);
        }

        void change(int difference) {
            if (difference > 0) {
                release(difference);
            } else {
                reducePermits(-difference);
            }
        }
    }
}
