package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each backup, or with {@code dryRun} would; the names are those of the JSON output.
 *
 * @param deleted backups that are gone
 * @param orphansNoted segments that no backup refers to; they are deleted a grace period later
 * @param oplogSlicesDeleted of the archived oplog; with {@code dryRun} those that would be
 * @param sealsDeleted of moments that nothing leads to any more; with {@code dryRun} those that would be
 * @param slicesUnlinkedDeleted of the archived oplog, without a link: their archiver died before it wrote it
 * @param slicesUnlinkedNoted likewise, deleted a grace period later if nobody links them
 * @param uncounted ledgers and records that were left out of account as proofs, and why; what they may speak of was kept
 * @param refused objects that the store did not let go
 */
record PruneResult(
        String source,
        boolean dryRun,
        List<Line> backups,
        List<String> marked,
        List<String> unmarked,
        List<String> deleted,
        long segmentsDeleted,
        long bytesDeleted,
        long orphansNoted,
        long oplogSlicesDeleted,
        long oplogBytesDeleted,
        long sealsDeleted,
        long slicesUnlinkedDeleted,
        long slicesUnlinkedNoted,
        List<Refusal> refused,
        List<String> uncounted,
        String record,
        String report) {

    /** One backup: {@code fate} is keep, delete or refuse. */
    record Line(
            String backupId,
            String fate,
            String reason,
            @Nullable Instant deletedAfter) {}

    /** One object that stayed. */
    record Refusal(String key, String answer) {}
}
