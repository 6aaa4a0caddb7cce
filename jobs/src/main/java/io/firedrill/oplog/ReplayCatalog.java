package io.firedrill.oplog;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The collections and views that a copy has come to hold. A collection is the identity that it has in the source, whatever
 * its name; the target gives it another one. Indexes are remembered here and built when the replay is over: unique ones would
 * trip over what is done in another order than in the source.
 */
final class ReplayCatalog {
    private final Map<UUID, CollectionShape> shapes = new HashMap<>();
    private final Map<UUID, ReplayedCollection> replayed = new HashMap<>();
    private final Map<Namespace, UUID> names = new HashMap<>();
    private final Map<Namespace, CollectionShape> views = new TreeMap<>();

    /** Something that was there before the first entry. */
    void put(CollectionShape shape, ReplayedCollection collection) {
        UUID uuid = shape.uuid().orElseThrow();
        shapes.put(uuid, shape);
        replayed.put(uuid, collection);
        names.put(shape.namespace(), uuid);
    }

    void create(CollectionShape shape) {
        put(shape, ReplayedCollection.created(shape));
    }

    void drop(UUID uuid) {
        CollectionShape dropped = shapes.remove(uuid);
        replayed.remove(uuid);
        if (dropped != null) {
            names.remove(dropped.namespace());
        }
    }

    /** A collection that is not what or where it was. */
    void alter(UUID uuid, UnaryOperator<CollectionShape> change) {
        CollectionShape before = shapes.get(uuid);
        ReplayedCollection collection = replayed.get(uuid);
        if (before == null || collection == null) {
            throw new IllegalArgumentException("no collection " + uuid);
        }
        CollectionShape after = change.apply(before);
        names.remove(before.namespace());
        put(after, collection.as(after));
        if (after.namespace().isBuckets()) {
            views.computeIfPresent(after.namespace().owner(), (_, _) -> TimeSeriesShape.of(after));
        }
    }

    Optional<CollectionShape> shape(UUID uuid) {
        return Optional.ofNullable(shapes.get(uuid));
    }

    Optional<ReplayedCollection> collection(UUID uuid) {
        return Optional.ofNullable(replayed.get(uuid));
    }

    /** The identity of the collection that has a name. */
    Optional<UUID> named(Namespace name) {
        return Optional.ofNullable(names.get(name));
    }

    /** Whether a collection or a view has a name. */
    boolean isTaken(Namespace name) {
        return names.containsKey(name) || views.containsKey(name);
    }

    boolean isView(Namespace name) {
        return views.containsKey(name);
    }

    void putView(CollectionShape view) {
        views.put(view.namespace(), view);
    }

    void dropView(Namespace view) {
        views.remove(view);
    }

    void dropViews(String database) {
        views.keySet().removeIf(name -> name.database().equals(database));
    }

    /** The names of all views and time series. */
    Stream<Namespace> views() {
        return views.keySet().stream();
    }

    boolean isEmpty(String database) {
        return Stream.concat(names.keySet().stream(), views.keySet().stream())
                .noneMatch(name -> name.database().equals(database));
    }

    Stream<ReplayedCollection> collections() {
        return replayed.values().stream();
    }

    /** Everything, as a reader of the source's catalog would have seen it. */
    List<CollectionShape> shapes() {
        return Stream.concat(shapes.values().stream(), views.values().stream())
                .sorted(Comparator.comparing(CollectionShape::namespace))
                .toList();
    }
}
