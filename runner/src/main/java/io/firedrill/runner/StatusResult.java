package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How things stand, at a glance: the verdict in a line, what it rests on, and what to do next.
 *
 * @param held backups under legal hold
 * @param marked backups that prune will delete
 */
record StatusResult(
        String verdict,
        @Nullable BackupLine lastBackup,
        @Nullable LastProven lastProven,
        @Nullable LastDrill lastDrill,
        @Nullable String lockHolder,
        int openRuns,
        String nextStep,
        List<String> held,
        List<String> marked,
        @Nullable NewestSeal newestSeal) {

    /** The newest backup of which a restore has shown that it comes back equal. */
    record LastProven(String backupId, Instant provenAt, long ageSeconds) {}

    /** The newest moment of a source that a drill to it can prove. */
    record NewestSeal(String source, ConsistencyPoint sealedAt, Instant sealedTime, long ageSeconds) {}

    /** The last drill, whatever became of it; one of a part of its backup proves no more than that. */
    record LastDrill(String outcome, Rto rto, Instant at, boolean partial) {}
}
