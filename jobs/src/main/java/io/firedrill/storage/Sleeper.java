package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;

/** How a retry waits; tests hand in one that does not. */
@FunctionalInterface
interface Sleeper {
    Sleeper REAL = duration -> {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    FailureKind.ABORTED,
                    "interrupted while waiting for the store",
                    "Start the command again; it goes on where it stopped.",
                    e);
        }
    };

    void sleep(Duration duration);
}
