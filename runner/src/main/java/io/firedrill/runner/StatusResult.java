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
 * @param state OK, ATTENTION or FAILING
 * @param reasons why it is not OK, the worst first
 * @param recoverable the newest moment that can be restored; null where there is none
 * @param schedule each entry of the schedule that is in force
 * @param missed of the last thirty days, and before that the newest of what is due less often
 * @param archives of each source whose oplog is archived
 * @param sources each by itself, the one to look at first in front: the one that is set, else the worst. Where there are several,
 *     {@code lastBackup}, {@code lastProven}, {@code lastDrill}, {@code newestSeal} and {@code recoverable} are of the first
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
        List<ArchiveStatus> archives,
        String state,
        List<Reason> reasons,
        @Nullable Recoverable recoverable,
        List<DueRun> schedule,
        List<EvidenceResult.MissedRun> missed,
        List<OfSource> sources) {

    /** How one source stands; the state is that of the reasons that are of this source alone. */
    record OfSource(
            String source,
            String state,
            @Nullable BackupLine lastBackup,
            @Nullable LastProven lastProven,
            @Nullable LastDrill lastDrill,
            @Nullable Recoverable recoverable,
            @Nullable NewestSeal newestSeal,
            @Nullable String lockHolder) {}

    /** Why something needs to be done, and what: the state that it puts all into, and a step that a person can take. */
    record Reason(String state, String why, String step) {}

    /** The newest moment that can be restored, and whether it is older than rpo-target allows. */
    record Recoverable(
            Instant at, long ageSeconds, @Nullable Double targetSeconds, boolean late) {}

    /**
     * An entry of the schedule.
     *
     * @param next null if it is never due again
     * @param last how the newest run ended that was due, "MISSED", "UNDER WAY", or empty if none was due yet; "PASSED" if somebody made
     *     up for it since
     * @param missed how many were missed in the last thirty days
     */
    record DueRun(
            String source,
            String kind,
            String cron,
            @Nullable Instant next,
            String last,
            long missed) {}

    /** The newest proof of a backup that no run has refuted since. */
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

    /** The last drill, whatever became of it; one of a part that came back only where there is no other. */
    record LastDrill(String outcome, Rto rto, Instant at, boolean partial) {}
}
