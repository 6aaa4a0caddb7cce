package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How things stand, at a glance: the verdict in a line, what it rests on, and what to do next.
 *
 * @param held backups under legal hold
 * @param marked backups that prune will delete
 * @param doubts that keep backups from leaving anything unread
 * @param archives of each source whose oplog is archived
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
        @Nullable NewestSeal newestSeal,
        List<Doubt> doubts,
        List<ArchiveStatus> archives) {

    /** The newest backup of which a restore has shown that it comes back equal. */
    record LastProven(String backupId, Instant provenAt, long ageSeconds) {}

    /**
     * The newest moment of a source that a drill to it can prove.
     *
     * @param overdue whether there is a seal-interval, and it is older than two of them
     */
    record NewestSeal(String source, ConsistencyPoint sealedAt, Instant sealedTime, long ageSeconds, boolean overdue) {}

    /**
     * A backup found changed what no oplog entry had touched; until somebody says that the cause is mended, every backup of the
     * source reads everything.
     */
    record Doubt(String source, String backupId, Instant since, String reason, String hint) {
        static final String HINT =
                "every backup reads everything; do not rely on backups since the last one that did, mend the cause, then clear it with 'firedrill backup --skip-again REASON'";

        String words() {
            return "%s, since backup %s: %s; %s".formatted(source, backupId, reason, hint);
        }
    }

    /** The last drill, whatever became of it; one of a part of its backup proves no more than that. */
    record LastDrill(String outcome, Rto rto, Instant at, boolean partial) {}
}
