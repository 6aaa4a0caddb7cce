package io.firedrill.storage;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Something that beats until it is stopped; tests beat by hand. */
@FunctionalInterface
interface Pulse {
    /** Beats on a daemon thread of its own, which a stop does not wait for. */
    Pulse REAL = (name, interval, beat) -> {
        var timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        var beats = timer.scheduleWithFixedDelay(beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return () -> {
            beats.cancel(false);
            timer.shutdown();
        };
    };

    /** Returns how to stop. */
    Runnable every(String name, Duration interval, Runnable beat);
}
