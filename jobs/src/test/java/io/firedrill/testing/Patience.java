package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process does, without a sleep, and not for ever. */
public final class Patience {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Patience() {}

    /** Returns when the condition holds; the test fails when it did not within the time. */
    public static void await(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds too long until %s", what)
                    .isNegative();
            // Not a whole core for looking: whoever is waited for needs it.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
