package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.Watermarks.Begun;
import io.firedrill.oplog.Watermarks.Mark;
import io.firedrill.oplog.Watermarks.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several lanes at a time; all operations on one document go through the same one. Each holds two windows at most.
 *
 * <p>Every operation that is handed in has a number, which is the same whenever the same log is replayed. So one that an
 * earlier attempt has brought into the target is known by it, and left out.
 */
final class Lanes implements AutoCloseable {
    private static final int WINDOW_OPERATIONS_MAX = 2_000;
    private static final long WINDOW_BYTES_MAX = 8L << 20;

    private final List<Window> windows = new ArrayList<>();
    private final Window outside;
    private final Optional<Watermarks> watermarks;
    private final ExecutorService threads;
    private long number;
    private long repeated;

    private static final class Window {
        private final Lane lane;
        private final int index;
        private final Mark earlier;
        private List<Operation> operations = new ArrayList<>();
        private long bytes;
        private Mark last;
        /** What the target has confirmed. */
        private volatile Mark confirmed;

        private @Nullable Future<?> underWay;

        Window(Lane lane, int index, Mark earlier) {
            this.lane = lane;
            this.index = index;
            this.earlier = earlier;
            this.last = earlier;
            this.confirmed = earlier;
        }
    }

    private Lanes(Deployment target, Begun begun, Optional<Watermarks> watermarks) {
        this.watermarks = watermarks;
        for (Mark earlier : begun.lanes()) {
            windows.add(new Window(Lane.of(target), windows.size(), earlier));
        }
        this.outside = new Window(Lane.direct(target), windows.size(), begun.outside());
        this.threads = Executors.newFixedThreadPool(windows.size() + 1);
    }

    /** Lanes that are cut off once and for all if they are. */
    Lanes(Deployment target, int count) {
        this(target, new Begun(Collections.nCopies(count, Mark.NONE), Mark.NONE), Optional.empty());
    }

    /** Lanes that go on where those of an earlier attempt were cut off: as many as it had. */
    static Lanes resumed(Deployment target, int count, Watermarks watermarks) {
        var lanes = new Lanes(target, watermarks.begin(count), Optional.of(watermarks));
        watermarks.write(lanes.windows.stream()
                .flatMap(window -> window.lane.channel().sender().stream())
                .toList());
        return lanes;
    }

    /** How many operations an earlier attempt had brought into the target. */
    long repeated() {
        return repeated;
    }

    void add(Operation operation) {
        Window window = operation.collection().isOutsideTransactions()
                ? outside
                : windows.get(Math.floorMod(operation.lane(), windows.size()));
        if (isRepeated(window, operation)) {
            repeated++;
            return;
        }
        window.operations.add(operation);
        window.bytes += operation.entry().bytes();
        window.last = new Mark(number, operation.at());
        if (window.operations.size() >= WINDOW_OPERATIONS_MAX || window.bytes >= WINDOW_BYTES_MAX) {
            send(window);
        }
    }

    private boolean isRepeated(Window window, Operation operation) {
        number++;
        if (number == window.earlier.number() && !operation.at().equals(window.earlier.at())) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "the replay was cut off at the oplog entry of %s, and now that operation is one of %s"
                            .formatted(window.earlier.at(), operation.at()),
                    "The log is not the one that was begun with: clean staging and restore again.");
        }
        return number <= window.earlier.number();
    }

    /** Does what is about more than a document, once, when everything that was added is in the target. */
    void outside(Runnable work) {
        await();
        number++;
        if (number <= outside.earlier.number()) {
            return;
        }
        outside.last = new Mark(number, outside.last.at());
        alone(work, outside.last);
    }

    /** Ends when everything is in the target, for good. */
    void flush() {
        await();
        watermarks.ifPresent(marks ->
                marks.require(windows.stream().map(window -> window.confirmed).toList(), outside.confirmed));
    }

    private void alone(Runnable work, Mark done) {
        Optional<Section> section = watermarks.map(marks -> marks.begins(outside.confirmed));
        work.run();
        section.ifPresent(begun -> watermarks.orElseThrow().ended(begun, done));
        outside.confirmed = done;
    }

    private void await() {
        List<Window> all = all();
        all.forEach(this::send);
        all.forEach(Lanes::await);
    }

    private List<Window> all() {
        return Stream.concat(windows.stream(), Stream.of(outside)).toList();
    }

    private void send(Window window) {
        await(window);
        if (!window.operations.isEmpty()) {
            List<Operation> full = window.operations;
            Mark last = window.last;
            window.underWay = threads.submit(() -> apply(window, full, last));
            window.operations = new ArrayList<>();
            window.bytes = 0;
        }
    }

    private void apply(Window window, List<Operation> full, Mark last) {
        Lane lane = window.lane;
        if (watermarks.isEmpty()) {
            lane.apply(full, () -> {});
        } else if (window == outside) {
            alone(() -> lane.apply(full, () -> {}), last);
        } else {
            lane.apply(full, () -> watermarks.get().write(lane.channel(), window.index, window.confirmed, last));
            window.confirmed = last;
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
        // What is under way comes to its end, so that one who was told to stop can be gone on with.
        threads.close();
        all().forEach(window -> window.lane.close());
    }
}
