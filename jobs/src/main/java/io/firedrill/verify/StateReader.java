package io.firedrill.verify;

import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Requests;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what databases are and hold, from a deployment that nobody writes to meanwhile. */
public final class StateReader {
    private final Deployment deployment;
    private final List<String> databases;
    private final Set<Namespace> leftOut;
    private final int lanes;
    private final Runnable checkpoint;

    /**
     * @param databases that are read; one that does not exist holds nothing
     * @param leftOut collections that are no data, such as those in which a migration tool keeps its own books
     * @param lanes how many collections are read at a time
     * @param checkpoint called before each collection; throws when the run must not go on
     */
    public StateReader(
            Deployment deployment, List<String> databases, Set<Namespace> leftOut, int lanes, Runnable checkpoint) {
        this.deployment = deployment;
        this.databases = List.copyOf(databases);
        this.leftOut = Set.copyOf(leftOut);
        this.lanes = lanes;
        this.checkpoint = checkpoint;
    }

    /** Reads everything. */
    public DatabaseState read() {
        return read(_ -> Optional.empty());
    }

    /**
     * Reads all definitions, and the documents of what was written to or is another collection by now; those of the others are
     * taken from an earlier state of the same deployment.
     *
     * @param touched what was written to since, told by the oplog
     */
    public DatabaseState readAgain(DatabaseState earlier, Set<Namespace> touched) {
        return read(shape -> Optional.ofNullable(earlier.collections().get(shape.namespace()))
                .filter(known -> !isAmong(touched, shape.namespace()))
                .filter(known -> known.shape().uuid().equals(shape.uuid())
                        && known.shape().kind() == shape.kind())
                .map(known -> known.with(shape)));
    }

    /** A collection whose documents are known already. */
    private interface Known {
        Optional<CollectionState> of(CollectionShape shape);
    }

    private DatabaseState read(Known known) {
        var catalog = new CatalogReader(deployment);
        SortedMap<Namespace, CollectionState> states = new TreeMap<>();
        List<CollectionShape> shapes = databases.stream()
                .flatMap(database -> catalog.read(database).stream())
                .filter(shape -> !shape.namespace().isSystem() && !isAmong(leftOut, shape.namespace()))
                .toList();
        Requests.all(shapes, lanes, shape -> known.of(shape).orElseGet(() -> read(shape)))
                .forEach(state -> states.put(state.shape().namespace(), state));
        return new DatabaseState(states);
    }

    private CollectionState read(CollectionShape shape) {
        checkpoint.run();
        return CollectionState.read(deployment, shape);
    }

    /** The buckets of a time series go by its name too. */
    private static boolean isAmong(Set<Namespace> some, Namespace namespace) {
        return some.contains(namespace) || some.contains(namespace.owner());
    }
}
