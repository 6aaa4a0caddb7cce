package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Several lanes at a time; all operations on one document go through the same one. Each holds two windows at most. */
final class Lanes implements AutoCloseable {
    private static final int WINDOW_OPERATIONS_MAX = Integer.getInteger("w", 2_000);
    private static final long WINDOW_BYTES_MAX = 8L << 20;

    private final Window[] windows;
    private final Window outside;
    private final ExecutorService threads;

    private static final class Window {
        private final Lane lane;
        private List<Operation> operations = new ArrayList<>();
        private long bytes;
        private @Nullable Future<?> underWay;

        Window(Lane lane) {
            this.lane = lane;
        }
    }

    Lanes(Deployment target, int count) {
        this.windows = new Window[count];
        for (int i = 0; i < count; i++) {
            windows[i] = new Window(Lane.of(target));
        }
        this.outside = new Window(Lane.direct(target));
        this.threads = Executors.newFixedThreadPool(count + 1);
    }

    void add(Operation operation) {
        Window window = operation.collection().isOutsideTransactions()
                ? outside
                : windows[Math.floorMod(operation.key().hashCode(), windows.length)];
        window.operations.add(operation);
        window.bytes += operation.entry().bytes();
        if (window.operations.size() == WINDOW_OPERATIONS_MAX || window.bytes >= WINDOW_BYTES_MAX) {
            send(window);
        }
    }

    /** Ends when everything that was added is in the target. */
    void flush() {
        for (Window window : all()) {
            send(window);
        }
        for (Window window : all()) {
            await(window);
        }
    }

    private List<Window> all() {
        return Stream.concat(Stream.of(windows), Stream.of(outside)).toList();
    }

    private void send(Window window) {
        await(window);
        if (!window.operations.isEmpty()) {
            List<Operation> full = window.operations;
            window.underWay = threads.submit(() -> window.lane.apply(full, () -> {}));
            window.operations = new ArrayList<>();
            window.bytes = 0;
        }
    }

    private static void await(Window window) {
        Future<?> underWay = window.underWay;
        window.underWay = null;
        if (underWay == null) {
            return;
        }
        try {
            underWay.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the oplog was being replayed");
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the oplog could not be replayed", thrown);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        all().forEach(window -> window.lane.close());
    }
}
