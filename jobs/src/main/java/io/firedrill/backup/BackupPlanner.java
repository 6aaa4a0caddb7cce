package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.backup.RangeCutter.SizedRange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.BoundSampler;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CatalogReader.CatalogAt;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Decides what a backup holds, and in which units it is read. */
public final class BackupPlanner {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final Set<String> exclude;

    /**
     * @param exclude namespaces to leave out, {@code database.collection}
     */
    public BackupPlanner(Deployment source, BackupCatalog catalog, SegmentSize size, Set<String> exclude) {
        this.source = source;
        this.catalog = catalog;
        this.size = size;
        this.exclude = Set.copyOf(exclude);
    }

    /** Writes the plan of this backup, unless an earlier attempt did. */
    public BackupPlan plan(BackupId id, Instant now) {
        return catalog.plan(id).orElseGet(() -> {
            BackupPlan plan = draft(id, now);
            catalog.remember(plan.identity());
            catalog.write(plan);
            return plan;
        });
    }

    /** Makes the plan and writes nothing. */
    public BackupPlan draft(BackupId id, Instant now) {
        DeploymentIdentity identity = source.identity();
        requireSameSourceAsBefore(identity);
        CatalogAt read = new CatalogReader(source).readAtFence(id.value());
        List<Excluded> excluded = new ArrayList<>();
        List<CollectionShape> included = read.collections().stream()
                .filter(shape -> isIncluded(shape, excluded))
                .toList();
        List<Unit> units = units(included);
        if (units.isEmpty()) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s holds no collection to back up".formatted(source.role(), source.hosts()),
                    "Check that this is the right deployment, and that not everything is excluded.");
        }
        return new BackupPlan(id, catalog.source(), identity, read.at(), now, included, units, excluded);
    }

    private List<Unit> units(List<CollectionShape> collections) {
        var cutter = new RangeCutter(new BoundSampler(source), KnownSegments.of(catalog), size.target());
        List<SizedRange> ranges = new ArrayList<>();
        for (int i = 0; i < collections.size(); i++) {
            if (!collections.get(i).isView()) {
                ranges.addAll(cutter.cut(i, collections.get(i)));
            }
        }
        return new UnitPacker(size.target()).pack(ranges);
    }

    private boolean isIncluded(CollectionShape shape, List<Excluded> excluded) {
        String namespace = shape.namespace().toString();
        if (exclude.contains(namespace)) {
            excluded.add(new Excluded(namespace, "excluded by the setting 'exclude'"));
            return false;
        }
        if (shape.namespace().isSystem()) {
            if (!shape.namespace().collection().equals("system.views")) {
                excluded.add(new Excluded(namespace, "belongs to the server"));
            }
            return false;
        }
        requireSupported(shape);
        return true;
    }

    private static void requireSupported(CollectionShape shape) {
        String kind = shape.isCapped() ? "capped" : "a time series";
        if (shape.isCapped() || shape.kind() == CollectionShape.Kind.TIMESERIES) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s is %s, which this version cannot back up at an exact moment".formatted(shape.namespace(), kind),
                    "Leave it out with 'exclude: [%s]'; every record will say that it is not covered."
                            .formatted(shape.namespace()));
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
