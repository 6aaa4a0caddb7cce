package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.StrictWriter;
import io.firedrill.mongo.StrictWriter.Update;
import io.firedrill.mongo.StrictWriter.Way;
import io.firedrill.mongo.WriteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Applies windows of operations in as few commands as their order allows. What is done to one document is done in its
 * order; different documents do not wait for each other. So the operations of a window are laid in layers: one goes into the
 * layer of its document's last operation if it is of the same kind, else into the next. Within a layer, a command takes all
 * of one collection and kind, in their order.
 *
 * <p>Where the target knows transactions a window is one, together with the word of how far it went: it counts as a whole,
 * once. One in which something was not found as it must be does not count at all, and is gone through again, operation by
 * operation, to learn which it was.
 */
final class Lane implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 5;

    private final WriteChannel channel;

    private Lane(WriteChannel channel) {
        this.channel = channel;
    }

    /** In transactions, where the target knows such. */
    static Lane of(Deployment target) {
        return new Lane(WriteChannel.of(target));
    }

    /** For what no transaction takes. */
    static Lane direct(Deployment target) {
        return new Lane(WriteChannel.direct(target));
    }

    private record Layer(int depth, ReplayedCollection collection, Operation.Kind kind) {}

    private record Last(int depth, Operation.Kind kind) {}

    /**
     * Applies a window.
     *
     * @param mark says how far the replay has come, in the same transaction or, where there is none, after
     */
    void apply(List<Operation> window, Runnable mark) {
        if (!channel.isTransactional()) {
            require(inLayers(window));
            mark.run();
        } else if (!applied(window, mark)) {
            oneByOne(window, mark);
        }
    }

    WriteChannel channel() {
        return channel;
    }

    private boolean applied(List<Operation> window, Runnable mark) {
        for (int attempt = 1; ; attempt++) {
            try {
                return applied(() -> inLayers(window).isEmpty(), mark);
            } catch (Failure failure) {
                if (!channel.hasFailedInPassing() || attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
            }
        }
    }

    private interface Work {
        boolean done();
    }

    private boolean applied(Work work, Runnable mark) {
        channel.begin();
        boolean done = false;
        try {
            // First of all: where writes were lost, that is what is wrong, and not the first one that finds nothing.
            mark.run();
            done = work.done();
            if (done) {
                channel.commit();
            }
        } finally {
            channel.abort();
        }
        return done;
    }

    private void oneByOne(List<Operation> window, Runnable mark) {
        applied(
                () -> {
                    for (Operation operation : window) {
                        require(apply(operation.collection(), operation.kind(), List.of(operation), Way.EXACT));
                    }
                    return true;
                },
                mark);
    }

    private static void require(Optional<Operation> misfit) {
        misfit.ifPresent(it -> {
            throw Divergence.of(it, why(it.kind()));
        });
    }

    private Optional<Operation> inLayers(List<Operation> window) {
        Map<Operation.Key, Last> last = new HashMap<>();
        Map<Layer, List<Operation>> layers = new LinkedHashMap<>();
        for (Operation operation : window) {
            Operation.Key key = operation.key();
            Last before = last.getOrDefault(key, new Last(0, operation.kind()));
            int depth = before.kind() == operation.kind() ? before.depth() : before.depth() + 1;
            last.put(key, new Last(depth, operation.kind()));
            layers.computeIfAbsent(
                            new Layer(depth, operation.collection(), operation.kind()), none -> new ArrayList<>())
                    .add(operation);
        }
        return layers.entrySet().stream()
                .sorted(Comparator.comparingInt(layer -> layer.getKey().depth()))
                .flatMap(layer ->
                        apply(layer.getKey().collection(), layer.getKey().kind(), layer.getValue(), Way.FAST).stream())
                .findFirst();
    }

    private Optional<Operation> apply(
            ReplayedCollection collection, Operation.Kind kind, List<Operation> operations, Way way) {
        var writer = new StrictWriter(channel, collection.namespace(), way);
        List<OplogEntry> entries = operations.stream().map(Operation::entry).toList();
        OptionalInt failed =
                switch (kind) {
                    case INSERT ->
                        writer.insert(entries.stream().map(OplogEntry::object).toList());
                    case UPDATE ->
                        writer.update(entries.stream()
                                .map(entry -> new Update(entry.key(), entry.object()))
                                .toList());
                    case DELETE ->
                        writer.delete(entries.stream().map(OplogEntry::key).toList(), collection.capped());
                };
        return failed.isEmpty() ? Optional.empty() : Optional.of(operations.get(failed.getAsInt()));
    }

    private static String why(Operation.Kind kind) {
        return switch (kind) {
            case INSERT -> "the target holds a document of this _id already";
            case UPDATE -> "the target holds no document of this _id, or not one that this update fits";
            case DELETE -> "the target holds no document of this _id";
        };
    }

    @Override
    public void close() {
        channel.close();
    }
}
