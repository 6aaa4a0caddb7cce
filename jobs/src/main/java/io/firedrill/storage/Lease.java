package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Leases.Seams;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The right to act alone, as long as it is renewed; every durable write of its holder is preceded by a {@link #check()}.
 *
 * <p>It is ours for certain only until a term after the beginning of the last renewal that succeeded: only then may
 * another take it. The monotonic clock measures that term; should the wall clock say that more time has passed (the
 * machine slept, or the clock was set), a renewal decides. Renewals happen by themselves.
 */
public final class Lease implements AutoCloseable {
    private static final int BEATS_PER_TERM = 12;
    private static final int RENEWALS_PER_TERM = 3;

    private final String name;
    private final LeaseLog log;
    private final Duration ttl;
    private final Seams seams;
    private final Runnable stop;
    private volatile LeaseEntry entry;
    private long number;
    private volatile long renewedAt;
    private volatile @Nullable Failure lost;
    private volatile @Nullable RuntimeException lastFault;
    private boolean closed;

    Lease(String name, LeaseLog log, Duration ttl, Seams seams, LeaseEntry acquisition, long begun) {
        this.name = name;
        this.log = log;
        this.ttl = ttl;
        this.seams = seams;
        this.entry = acquisition;
        this.number = acquisition.fence();
        this.renewedAt = begun;
        this.stop = seams.pulse().every("lease-" + name, ttl.dividedBy(BEATS_PER_TERM), this::beat);
    }

    public String name() {
        return name;
    }

    /** Grows with each acquisition of this lease by anybody. */
    public long fence() {
        return entry.fence();
    }

    /** Fails with {@code LOCK_LOST} unless the lease is certainly ours at this moment. */
    public void check() {
        failIfLost();
        if (age() >= ttl.toNanos()) {
            throw lose("it was not renewed for " + ttl.toSeconds() + " s", lastFault);
        }
        if (seams.clock().instant().isAfter(entry.expiresAt())) {
            renew();
        }
    }

    /** Prolongs the lease by a whole term from now. Doing it again is safe, also after a failure. */
    public synchronized void renew() {
        failIfLost();
        long begun = seams.nanoTime().getAsLong();
        var later = entry.until(seams.clock().instant().plus(ttl));
        if (!appendNext(later)) {
            throw lose("another run has taken it", null);
        }
        if (log.newestAfter(number).isPresent()) {
            // Our turn was over long ago: the number was free only because the log had been tidied.
            log.delete(number);
            throw lose("other runs have had it since", null);
        }
        entry = later;
        renewedAt = begun;
        lastFault = null;
    }

    /**
     * Releases the lease and tidies its log, which keeps our first entry and our last. If the store does not let us,
     * the lease ends by itself.
     */
    @Override
    public void close() {
        stop.run();
        release();
    }

    private synchronized void release() {
        if (closed) {
            return;
        }
        closed = true;
        if (lost != null) {
            return;
        }
        lost = failure("lease '%s' was released".formatted(name), null);
        try {
            if (appendNext(entry.released(seams.clock().instant()))) {
                log.deleteBetween(0, fence());
                log.deleteBetween(fence() + 1, number);
            }
        } catch (Failure e) {
            lastFault = e; // The work is done and the lease ends by itself, so this must not spoil the run.
        }
    }

    /** Appends to the log behind our own last entry; false if another has been faster. */
    private boolean appendNext(LeaseEntry next) {
        while (!log.append(number + 1, next)) {
            var found = log.read(number + 1);
            if (found.isEmpty() || !found.get().isOf(entry)) {
                return false;
            }
            number++; // Ours: an earlier renewal arrived, though we were told that it failed.
        }
        number++;
        return true;
    }

    private void beat() {
        if (lost != null || age() < ttl.toNanos() / RENEWALS_PER_TERM) {
            return;
        }
        try {
            renew();
        } catch (RuntimeException e) {
            lastFault = e; // The next beat tries again; when the term is over, check() tells.
        }
    }

    private long age() {
        return seams.nanoTime().getAsLong() - renewedAt;
    }

    private void failIfLost() {
        var known = lost;
        if (known != null) {
            throw failure(known.text(), known);
        }
    }

    private Failure lose(String why, @Nullable Throwable cause) {
        var failure = failure("lease '%s' with fence %d is lost: %s".formatted(name, fence(), why), cause);
        lost = failure;
        stop.run();
        return failure;
    }

    private static Failure failure(String message, @Nullable Throwable cause) {
        return new Failure(
                FailureKind.LOCK_LOST,
                message,
                "Find out what kept this run from the store, then start it again; it goes on where it stopped.",
                cause);
    }
}
