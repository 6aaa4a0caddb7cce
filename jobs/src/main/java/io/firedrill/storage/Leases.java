package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Leases in the store: who may act alone, until when, and with what fencing number.
 *
 * <p>A lease is a log of entries written once. Whoever creates the next number owns it; two cannot. A lease that is not
 * renewed in time may be taken over:
 *
 * <ul>
 *   <li>at once, if its holder is known to be dead: a process of this machine that is no more;
 *   <li>at once, if it expired more than {@link #CLOCKS_APART_MAX} ago;
 *   <li>else, as expiry compares our clock with another machine's, after a whole term without a sign of life.
 * </ul>
 */
public final class Leases {
    /** S3 answers nobody whose clock is off by more than 15 minutes, so no two of its clients are further apart. */
    static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(30);

    private static final int LOOKS_PER_TERM = 12;

    private final ObjectStore store;
    private final Duration ttl;
    private final Seams seams;

    /** What tests replace: the clocks, the waiting, the beat of renewals and the view of other processes. */
    record Seams(InstantSource clock, LongSupplier nanoTime, Sleeper sleeper, Pulse pulse, Processes processes) {}

    /** A lease as it is found in the store. */
    public record HeldLease(String name, Holder holder, long fence, Instant expiresAt) {}

    public Leases(ObjectStore store, InstantSource clock, LongSupplier nanoTime, Duration ttl) {
        this(store, ttl, new Seams(clock, nanoTime, Sleeper.REAL, Pulse.REAL, new Processes(Path.of("/proc"))));
    }

    Leases(ObjectStore store, Duration ttl, Seams seams) {
        this.store = store;
        this.ttl = ttl;
        this.seams = seams;
    }

    /** Takes the lease, or fails with {@code LOCK_HELD} naming who has it. It renews itself until it is closed. */
    public Lease acquire(String name, Holder me) {
        var log = new LeaseLog(store, name);
        while (true) {
            var newest = log.newest();
            newest.ifPresent(found -> makeSureOfItsEnd(log, name, found));
            var acquired =
                    append(log, name, me, newest.map(LeaseLog.Numbered::number).orElse(0L) + 1);
            if (acquired.isPresent()) {
                return acquired.get();
            }
            // Another was faster: judge what is there now.
        }
    }

    /** Who holds the lease now, as far as our clock can tell. */
    public Optional<HeldLease> current(String name) {
        return new LeaseLog(store, name)
                .newest()
                .map(LeaseLog.Numbered::entry)
                .filter(entry -> isHeld(entry) && !seams.clock.instant().isAfter(entry.expiresAt()))
                .map(entry -> new HeldLease(name, entry.holder(), entry.fence(), entry.expiresAt()));
    }

    /** Watches a lease that another process holds. */
    public LeaseWatch follow(String name, long fence) {
        return new LeaseWatch(this, name, fence, seams.nanoTime);
    }

    private Optional<Lease> append(LeaseLog log, String name, Holder me, long number) {
        long begun = seams.nanoTime.getAsLong();
        var expiresAt = seams.clock.instant().plus(ttl);
        var entry = new LeaseEntry(
                LeaseEntry.State.HELD, me, number, UUID.randomUUID().toString(), expiresAt);
        if (!log.append(number, entry)) {
            return Optional.empty();
        }
        if (log.newestAfter(number).isPresent()) {
            // The number was free only because its turn was over and the log had been tidied.
            log.delete(number);
            return Optional.empty();
        }
        return Optional.of(new Lease(name, log, ttl, seams, entry, begun));
    }

    private boolean isHeld(LeaseEntry entry) {
        return entry.state() == LeaseEntry.State.HELD
                && !seams.processes.isDead(entry.holder().processId());
    }

    private void makeSureOfItsEnd(LeaseLog log, String name, LeaseLog.Numbered newest) {
        var entry = newest.entry();
        if (!isHeld(entry)) {
            return;
        }
        var overdue = Duration.between(entry.expiresAt(), seams.clock.instant());
        if (!overdue.isPositive()) {
            throw held(name, entry);
        }
        if (overdue.compareTo(CLOCKS_APART_MAX) <= 0) {
            watch(log, name, newest);
        }
    }

    /** Waits a whole term, within which a living holder would have renewed several times. */
    private void watch(LeaseLog log, String name, LeaseLog.Numbered newest) {
        for (int look = 0; look < LOOKS_PER_TERM; look++) {
            seams.sleeper.sleep(ttl.dividedBy(LOOKS_PER_TERM));
            var later = log.newestAfter(newest.number());
            if (later.isPresent()) {
                judgeLater(log, name, later);
                return;
            }
        }
    }

    private void judgeLater(LeaseLog log, String name, OptionalLong later) {
        var entry = log.read(later.getAsLong());
        if (entry.isPresent() && isHeld(entry.get())) {
            throw held(name, entry.get());
        }
    }

    private static Failure held(String name, LeaseEntry entry) {
        var holder = entry.holder();
        return new Failure(
                FailureKind.LOCK_HELD,
                "lease '%s' is held by run %s (%s on %s) since %s, until %s unless renewed"
                        .formatted(
                                name,
                                holder.runId(),
                                holder.command(),
                                holder.host(),
                                holder.since(),
                                entry.expiresAt()),
                "Wait for that run to end, or stop it; if its machine died, its lease ends by itself at the time given.");
    }
}
