package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
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
     * @param cutOff the run that this one goes on with: what was left to us to choose was chosen then
     */
    Optional<RecoveryPlan> way(RestoreRequest request, Optional<Mark> cutOff) {
        return request.at()
                .map(asked -> cutOff.flatMap(mark -> goingOn(asked, mark))
                        .orElseGet(() -> planner.plan(asked, base(request.backup()))));
    }

    private Optional<RecoveryPlan> goingOn(RecoveryTarget asked, Mark mark) {
        Optional<OpTime> chosen = isLeftToUs(asked) ? RecoveryPlan.momentOf(mark.selection()) : Optional.empty();
        return chosen.map(
                moment -> planner.plan(new RecoveryTarget.At(moment), Optional.of(new BackupId(mark.backupId()))));
    }

    private static boolean isLeftToUs(RecoveryTarget asked) {
        return switch (asked) {
            case RecoveryTarget.Latest _, RecoveryTarget.AnyMoment _, RecoveryTarget.BeforeLastDrop _ -> true;
            case RecoveryTarget.At _, RecoveryTarget.Before _, RecoveryTarget.EndOfSecond _ -> false;
        };
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
