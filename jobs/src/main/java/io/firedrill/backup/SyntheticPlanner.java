package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.Synthetic;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plans a backup that is read from a copy, and says what the source was at the moment that the copy shows. */
public final class SyntheticPlanner {
    private final Deployment copy;
    private final BackupCatalog catalog;
    private final SegmentSize size;

    public SyntheticPlanner(Deployment copy, BackupCatalog catalog, SegmentSize size) {
        this.copy = copy;
        this.catalog = catalog;
        this.size = size;
    }

    /**
     * What the copy stands for.
     *
     * @param identity of the source
     * @param collections with the identities that they have in the source
     * @param excluded what of the source the copy does not hold
     */
    public record Shown(
            DeploymentIdentity identity,
            OpTime at,
            List<CollectionShape> collections,
            List<Excluded> excluded,
            Synthetic synthetic) {}

    /** Writes the plan. */
    public BackupPlan plan(BackupId id, Instant now, Shown shown, KnownSegments known) {
        requireData(shown);
        var plan = new BackupPlan(
                id,
                catalog.source(),
                shown.identity(),
                shown.at(),
                now,
                shown.collections(),
                new UnitPlanner(copy, known, size).units(shown.collections()),
                shown.excluded(),
                Optional.of(shown.synthetic()));
        catalog.write(plan);
        return plan;
    }

    private static void requireData(Shown shown) {
        boolean none = shown.collections().stream()
                .noneMatch(shape -> shape.hasDocuments() && !shape.namespace().isAccess());
        if (none) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "the source held no collection to back up at %s".formatted(shown.at()),
                    "Choose a moment at which it did; 'firedrill oplog show --ddl' tells when it lost them.");
        }
    }
}
