package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryPlanner;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingMarker.Mark;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Finds the way to the moment that a restore asks for, if it asks for one. */
final class Wayfinder {
    /** So that a person can type it again. */
    private static final long SEEDS = 1_000_000_000;

    private final RecoveryPlanner planner;

    Wayfinder(BackupCatalog catalog) {
        this.planner =
                new RecoveryPlanner(catalog, () -> ThreadLocalRandom.current().nextLong(SEEDS));
    }

    /**
     * Finds it.
     *
     * @param cutOff the run that this one goes on with: what was left to us to choose was chosen then, and so was the backup
     *     to begin with, though a nearer one may be there by now
     */
    Optional<RecoveryPlan> way(RestoreRequest request, Optional<Mark> cutOff) {
        return request.at().map(asked -> {
            Optional<BackupId> base = base(request.backup());
            return cutOff.flatMap(mark -> goingOn(asked, base, mark)).orElseGet(() -> planner.plan(asked, base));
        });
    }

    /** Empty where something else is asked for than that run was after: that is refused where its aim is compared. */
    private Optional<RecoveryPlan> goingOn(RecoveryTarget asked, Optional<BackupId> base, Mark mark) {
        var begun = new BackupId(mark.backupId());
        return RecoveryPlan.momentOf(mark.selection())
                .filter(moment -> asked.until().orElse(moment).equals(moment))
                .filter(_ -> base.orElse(begun).equals(begun))
                .map(moment -> planner.plan(
                        asked.until().isPresent() ? asked : new RecoveryTarget.At(moment), Optional.of(begun)));
    }

    private static Optional<BackupId> base(String backup) {
        if (backup.equals(RestoreRequest.LATEST)) {
            return Optional.empty();
        }
        if (!BackupId.isValid(backup)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' is not a backup id".formatted(backup),
                    "Choose one that 'firedrill backups' lists, or leave --backup out: the best base is found by itself.");
        }
        return Optional.of(new BackupId(backup));
    }
}
