package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Many requests: asked one after the other, each would wait for the network and the server's disk.
 *
 * <p>By threads of the platform. A virtual one that waits for a socket leaves a poller behind, inside the kernel for good, and
 * the JVM waits 300 ms for such a thread before it ends.
 */
public final class Requests {
    private static final int AT_ONCE = 8;

    /** For what is under way when one has failed: a server that is silent may be so for good, and no interrupt is heard there. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Requests() {}

    /** Asks for all, eight at a time; as {@link #all(List, int, Function)}. */
    public static <T, R> List<R> all(List<T> items, Function<T, R> ask) {
        return all(items, AT_ONCE, ask);
    }

    /**
     * Asks for all, several at a time.
     *
     * @return the answers in the order of the items; the first failure, of whichever item, ends it, once what is under way has
     *     ended, or has not done so for half a minute: a server may yet do what such a request asked for
     */
    public static <T, R> List<R> all(List<T> items, int atOnce, Function<T, R> ask) {
        return all(items, atOnce, ask, PATIENCE);
    }

    static <T, R> List<R> all(List<T> items, int atOnce, Function<T, R> ask, Duration patience) {
        int lanes = Math.min(atOnce, items.size());
        if (lanes < 2) {
            return items.stream().map(ask).toList();
        }
        ExecutorService threads =
                Executors.newFixedThreadPool(lanes, Thread.ofPlatform().daemon().factory());
        try {
            var ended = new ExecutorCompletionService<R>(threads);
            List<Future<R>> asked = items.stream()
                    .map(item -> ended.submit(() -> ask.apply(item)))
                    .toList();
            for (Future<R> _ : asked) {
                // As they end: the failure of one must not wait for another that is silent.
                answer(ended);
            }
            return asked.stream().map(Future::resultNow).toList();
        } finally {
            end(threads, patience);
        }
    }

    private static void end(ExecutorService threads, Duration patience) {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            boolean _ = threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <R> void answer(ExecutorCompletionService<R> ended) {
        try {
            ended.take().get();
        } catch (ExecutionException thrown) {
            switch (thrown.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(thrown);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.ABORTED, "interrupted while it asked", "Start it again.");
        }
    }
}
