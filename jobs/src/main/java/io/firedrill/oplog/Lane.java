package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.StrictWriter;
import io.firedrill.mongo.StrictWriter.Update;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Applies a window of operations in as few commands as their order allows. What is done to one document is done in its
 * order; different documents do not wait for each other. So the operations of a window are laid in layers: one goes into the
 * layer of its document's last operation if it is of the same kind, else into the next. Within a layer, a command takes all
 * of one collection and kind, in their order.
 */
final class Lane {
    private Lane() {}

    private record Layer(int depth, ReplayedCollection collection, Operation.Kind kind) {}

    private record Last(int depth, Operation.Kind kind) {}

    static void apply(Deployment target, List<Operation> window) {
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
        layers.entrySet().stream()
                .sorted(Comparator.comparingInt(layer -> layer.getKey().depth()))
                .forEach(layer -> apply(target, layer.getKey(), layer.getValue()));
    }

    private static void apply(Deployment target, Layer layer, List<Operation> operations) {
        var writer = new StrictWriter(target, layer.collection().namespace());
        List<OplogEntry> entries = operations.stream().map(Operation::entry).toList();
        OptionalInt failed =
                switch (layer.kind()) {
                    case INSERT ->
                        writer.insert(entries.stream().map(OplogEntry::object).toList());
                    case UPDATE ->
                        writer.update(entries.stream()
                                .map(entry -> new Update(entry.id(), entry.object()))
                                .toList());
                    case DELETE ->
                        writer.delete(
                                entries.stream().map(OplogEntry::id).toList(),
                                layer.collection().capped());
                };
        failed.ifPresent(index -> {
            throw Divergence.of(operations.get(index), why(layer.kind()));
        });
    }

    private static String why(Operation.Kind kind) {
        return switch (kind) {
            case INSERT -> "the target holds a document of this _id already";
            case UPDATE -> "the target holds no document of this _id, or not one that this update fits";
            case DELETE -> "the target holds no document of this _id";
        };
    }
}
