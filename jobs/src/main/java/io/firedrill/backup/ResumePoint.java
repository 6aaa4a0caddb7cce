package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.RangeScan;
import java.util.Optional;

/** Finds the backup that was cut off and can go on: its plan is there, and the source still has that moment. */
public final class ResumePoint {
    private final Deployment source;
    private final BackupCatalog catalog;

    public ResumePoint(Deployment source, BackupCatalog catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    public Optional<BackupId> find() {
        return catalog.newestUnfinished()
                .flatMap(catalog::plan)
                .filter(this::isSameSource)
                .filter(this::isStillReadable)
                .map(BackupPlan::id);
    }

    private boolean isSameSource(BackupPlan plan) {
        return plan.identity().replicaSetId().equals(source.identity().replicaSetId());
    }

    private boolean isStillReadable(BackupPlan plan) {
        Range first = plan.units().getFirst().ranges().getFirst();
        CollectionShape shape = plan.collections().get(first.collection());
        return new RangeScan(
                        shape.namespace(),
                        shape.uuid().orElseThrow(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(plan.at()))
                .isPossible(source);
    }
}
