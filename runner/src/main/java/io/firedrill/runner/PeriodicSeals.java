package io.firedrill.runner;

import io.firedrill.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Takes seals beside an archiver, in a thread of its own. What becomes of a seal does not touch the archiving, and is told: at
 * once, in the line of progress, and at the end.
 */
final class PeriodicSeals implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A seal asks all the while whether to stop; only a server that does not answer can keep it. */
    private static final Duration END_MAX = Duration.ofSeconds(60);

    private final Seals seals;
    private final SealSchedule schedule;
    private final InstantSource clock;
    private final BooleanSupplier stop;
    private final Consumer<String> alarm;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean sealing;
    private volatile ArchiveResult.Seals told = ArchiveResult.Seals.NONE;

    /** How seals are found and taken. */
    interface Seals {
        /** The moment of the newest one in the store. */
        Optional<Instant> newest();

        /**
         * Takes one.
         *
         * @param stop true when it must not go on
         * @return empty if it would say what the newest says
         */
        Optional<SealResult> take(BooleanSupplier stop);
    }

    /**
     * Begins.
     *
     * @param stop whether the archiver was asked to stop, or may not write any more
     * @param alarm takes a line that somebody has to read
     */
    PeriodicSeals(Seals seals, Duration interval, InstantSource clock, BooleanSupplier stop, Consumer<String> alarm) {
        this.seals = seals;
        this.schedule = new SealSchedule(interval);
        this.clock = clock;
        this.stop = stop;
        this.alarm = alarm;
        this.thread = Thread.ofPlatform().name("seals").daemon().start(this::run);
    }

    private void run() {
        while (!stops()) {
            if (schedule.isDue(clock.instant())) {
                attempt();
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private boolean stops() {
        return closing || stop.getAsBoolean();
    }

    private void attempt() {
        try {
            seals.newest().ifPresent(schedule::newest);
            if (schedule.isDue(clock.instant())) {
                take();
            }
        } catch (RuntimeException | Error thrown) {
            // Whatever it was: the archiver goes on. Of a seal that was to stop, its own record says so.
            if (!stops()) {
                failed(Failure.in(thrown).map(Failure::text).orElseGet(thrown::toString));
            }
        } finally {
            sealing = false;
        }
    }

    private void take() {
        sealing = true;
        Optional<SealResult> taken = seals.take(this::stops);
        told = taken.map(told::andTaken).orElseGet(told::andUnneeded);
        schedule.done(taken.map(SealResult::sealedTime).orElseGet(clock::instant));
    }

    private void failed(String why) {
        told = told.andFailed(why);
        schedule.failed(clock.instant());
        alarm.accept("warning: no seal was taken: " + why);
    }

    /** What became of those that were due up to now. */
    ArchiveResult.Seals told() {
        return told;
    }

    /** The rest of the line of progress. */
    String words() {
        String failure = told.lastFailure();
        return (sealing ? ", sealing" : "") + (failure.isEmpty() ? "" : "; last seal that failed: " + failure);
    }

    /** Ends the one under way, which leaves nothing behind, and waits until it has. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(END_MAX)) {
                alarm.accept(
                        "warning: a seal under way does not end, as the source does not answer; none will be stored");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
