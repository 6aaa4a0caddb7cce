package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.RangeScan;
import java.util.Optional;

/**
 * Finds the backup that was cut off and can go on: its plan is there and is of the source itself, the source still has that
 * moment, and none of it was taken over unread from a backup that turned out to differ from the source.
 */
public final class ResumePoint {
    private final Deployment source;
    private final BackupCatalog catalog;

    public ResumePoint(Deployment source, BackupCatalog catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    public Optional<BackupId> find() {
        return catalog.newestUnfinished()
                .filter(catalog::isWrittenAsNow)
                .filter(id -> catalog.doubts().standing(id).isEmpty())
                .flatMap(catalog::plan)
                .filter(plan -> plan.synthetic().isEmpty())
                .filter(this::isSameSource)
                .filter(this::isStillReadable)
                .map(BackupPlan::id);
    }

    private boolean isSameSource(BackupPlan plan) {
        return plan.identity().replicaSetId().equals(source.identity().replicaSetId());
    }

    /** Capped collections were read when the plan was made: they say nothing about what can still be read. */
    private boolean isStillReadable(BackupPlan plan) {
        return plan.units().stream()
                .flatMap(unit -> unit.ranges().stream())
                .map(range -> plan.collections().get(range.collection()))
                .filter(shape -> !shape.isCapped())
                .findFirst()
                .map(shape -> new RangeScan(
                                shape.namespace(),
                                shape.uuid().orElseThrow(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(plan.at()))
                        .isPossible(source))
                .orElse(true);
    }
}
