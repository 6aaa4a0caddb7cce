package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.backup.RangeCutter.SizedRange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.BoundSampler;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CatalogReader.CatalogAt;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decides what a backup holds, and in which units it is read. */
public final class BackupPlanner {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final Set<String> exclude;
    private final Runnable checkpoint;

    /**
     * @param exclude namespaces to leave out, {@code database.collection}
     * @param checkpoint called often while capped collections are read; throws when the run must not go on
     */
    public BackupPlanner(
            Deployment source, BackupCatalog catalog, SegmentSize size, Set<String> exclude, Runnable checkpoint) {
        this.source = source;
        this.catalog = catalog;
        this.size = size;
        this.exclude = Set.copyOf(exclude);
        this.checkpoint = checkpoint;
    }

    /** What is backed up, and the cluster time at which it is. */
    private record Contents(
            DeploymentIdentity identity, OpTime at, List<CollectionShape> collections, List<Excluded> excluded) {}

    /** Writes the plan of this backup, unless an earlier attempt did, and the parts of the capped collections before it. */
    public BackupPlan plan(BackupId id, Instant now) {
        return catalog.plan(id).orElseGet(() -> {
            KnownSegments known = KnownSegments.of(catalog);
            Contents contents;
            Map<Integer, List<Segment>> sequences;
            try (var capped = new CappedSnapshot(source)) {
                contents = contents(id, capped);
                sequences = dump(contents, new CappedDumper(capped, catalog.segments(), known, size, checkpoint));
            }
            BackupPlan plan = plan(id, now, contents, known);
            catalog.remember(plan.identity());
            parts(plan, sequences).forEach(catalog::write);
            catalog.write(plan);
            return plan;
        });
    }

    /** Makes the plan and writes nothing. */
    public BackupPlan draft(BackupId id, Instant now) {
        try (var capped = new CappedSnapshot(source)) {
            return plan(id, now, contents(id, capped), KnownSegments.of(catalog));
        }
    }

    private Contents contents(BackupId id, CappedSnapshot capped) {
        DeploymentIdentity identity = source.identity();
        requireSameSourceAsBefore(identity);
        CatalogAt read = new CatalogReader(source)
                .readAtFence(id.value(), capped, shape -> isIncluded(shape, new ArrayList<>()));
        List<Excluded> excluded = new ArrayList<>();
        List<CollectionShape> included = read.collections().stream()
                .filter(shape -> isIncluded(shape, excluded))
                .toList();
        requireTimeSeries(included);
        return new Contents(identity, read.at(), included, excluded);
    }

    private static Map<Integer, List<Segment>> dump(Contents contents, CappedDumper dumper) {
        Map<Integer, List<Segment>> segments = new HashMap<>();
        for (int i = 0; i < contents.collections().size(); i++) {
            CollectionShape shape = contents.collections().get(i);
            if (shape.isCapped()) {
                segments.put(i, dumper.dump(i, shape, contents.at()));
            }
        }
        return segments;
    }

    private BackupPlan plan(BackupId id, Instant now, Contents contents, KnownSegments known) {
        List<Unit> units = units(contents.collections(), known);
        if (contents.collections().stream().noneMatch(BackupPlanner::isData)) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s holds no collection to back up".formatted(source.role(), source.hosts()),
                    "Check that this is the right deployment, and that not everything is excluded.");
        }
        return new BackupPlan(
                id,
                catalog.source(),
                contents.identity(),
                contents.at(),
                now,
                contents.collections(),
                units,
                contents.excluded());
    }

    private static boolean isData(CollectionShape shape) {
        return shape.hasDocuments() && !shape.namespace().isAccess();
    }

    private List<Unit> units(List<CollectionShape> collections, KnownSegments known) {
        var cutter = new RangeCutter(new BoundSampler(source), known, size.target());
        List<SizedRange> capped = new ArrayList<>();
        List<SizedRange> others = new ArrayList<>();
        List<SizedRange> access = new ArrayList<>();
        List<Integer> numbers = IntStream.range(0, collections.size()).boxed().toList();
        List<List<SizedRange>> cuts = Requests.all(numbers, i -> cut(cutter, i, collections.get(i)));
        for (int i = 0; i < collections.size(); i++) {
            CollectionShape shape = collections.get(i);
            (shape.namespace().isAccess() ? access : shape.isCapped() ? capped : others).addAll(cuts.get(i));
        }
        return new UnitPacker(size.target()).pack(List.of(capped, others, access));
    }

    private static List<SizedRange> cut(RangeCutter cutter, int number, CollectionShape shape) {
        if (shape.namespace().isAccess()) {
            return List.of(new SizedRange(new Range(number, Optional.empty(), Optional.empty()), 0));
        }
        return shape.hasDocuments() ? cutter.cut(number, shape) : List.of();
    }

    /** The parts of the units whose collections were read already. */
    private static List<Part> parts(BackupPlan plan, Map<Integer, List<Segment>> sequences) {
        return plan.units().stream()
                .filter(unit -> unit.ranges().stream().allMatch(range -> sequences.containsKey(range.collection())))
                .map(unit -> new Part(
                        plan.id(),
                        unit.id(),
                        unit.ranges().stream()
                                .flatMap(range -> sequences.getOrDefault(range.collection(), List.of()).stream())
                                .toList()))
                .toList();
    }

    private boolean isIncluded(CollectionShape shape, List<Excluded> excluded) {
        String namespace = shape.namespace().toString();
        // A time series and its buckets are one thing, whichever of the names is given.
        if (exclude.contains(namespace)
                || exclude.contains(shape.namespace().owner().toString())
                || exclude.contains(shape.namespace().buckets().toString())) {
            excluded.add(new Excluded(namespace, "excluded by the setting 'exclude'"));
            return false;
        }
        if (shape.namespace().isAccess()) {
            return true;
        }
        if (shape.namespace().database().equals("admin")) {
            excluded.add(new Excluded(namespace, "lies in admin, of which only users and roles are backed up"));
            return false;
        }
        if (shape.namespace().isSystem()) {
            if (!shape.namespace().collection().equals("system.views")) {
                excluded.add(new Excluded(namespace, "belongs to the server"));
            }
            return false;
        }
        return true;
    }

    /** Buckets can only be restored together with the time series collection that makes sense of them. */
    private static void requireTimeSeries(List<CollectionShape> included) {
        Set<Namespace> names = included.stream().map(CollectionShape::namespace).collect(Collectors.toSet());
        for (Namespace name : names) {
            if (!names.contains(name.owner())) {
                throw new Failure(
                        FailureKind.SOURCE_UNSUITABLE,
                        "%s holds the buckets of a time series collection that does not exist".formatted(name),
                        "Leave it out with 'exclude: [%s]'; every record will say that it is not covered."
                                .formatted(name));
            }
        }
    }

    /** Two replica sets under one source name would mix their segments and, worse, their backups. */
    private void requireSameSourceAsBefore(DeploymentIdentity identity) {
        for (DeploymentIdentity before : catalog.identities()) {
            if (!before.replicaSetId().equals(identity.replicaSetId())) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "the store holds backups of another replica set under the source name '%s' (%s, now %s)"
                                .formatted(catalog.source(), before.replicaSetId(), identity.replicaSetId()),
                        "Give this source a name of its own with FIREDRILL_SOURCE_NAME, or use another store.");
            }
        }
    }
}
