package io.firedrill.migration;

import java.time.Duration;
import java.util.Set;

/**
 * Within what a release has to keep.
 *
 * @param receiptAge of a rehearsal since its end
 * @param backupAge of a recovery point: of the newest backup now, and of the rehearsal's when that began
 * @param quickEnough whether a rehearsal that cut no run off will do
 * @param timeLimit after which the run of one change is killed
 * @param repaired the ids of changes of which somebody says that nothing half done is left
 */
public record ReleaseLimits(
        Duration receiptAge, Duration backupAge, boolean quickEnough, Duration timeLimit, Set<String> repaired) {
    public ReleaseLimits {
        repaired = Set.copyOf(repaired);
    }
}
