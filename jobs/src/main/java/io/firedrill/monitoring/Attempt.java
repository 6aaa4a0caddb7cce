package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One attempt to tell somebody something, and what is said of one that failed.
 *
 * @param whom for messages: a name without secrets
 * @param limit for all of it, from the first packet to the last byte of the answer
 */
record Attempt(String whom, Duration limit) {
    private static final int TOLD_MAX = 200;

    /** Waits for the answer as long as it may take; nobody goes on with it afterwards. */
    <T> T answer(Future<T> coming) throws ExecutionException {
        try {
            return coming.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw unavailable("did not answer within %d s".formatted(limit.toSeconds()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.ABORTED, "interrupted while %s was told".formatted(whom), "Do it again.");
        } finally {
            coming.cancel(true);
        }
    }

    Failure unavailable(String how) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                whom + " " + how,
                "Check its address, its certificate and whether it runs, then do it again.");
    }

    /** The first line of what was answered, which may say what was wrong. */
    static String firstLine(String said) {
        String line = Notification.line(said.strip().split("\\R", 2)[0]);
        return line.substring(0, Math.min(line.length(), TOLD_MAX));
    }
}
