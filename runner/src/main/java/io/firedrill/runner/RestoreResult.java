package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore or a drill came to; the names are those of the JSON output.
 *
 * @param rpo null where nothing was recovered
 */
record RestoreResult(
        String runId,
        String backupId,
        String outcome,
        Rto rto,
        @Nullable Rpo rpo,
        List<PhaseLine> phases,
        long documents,
        int collections,
        long digestsCompared,
        long digestsEqual,
        List<String> notTested,
        String record,
        String report,
        boolean resumed,
        RestoreScope scope,
        @Nullable Point point) {

    /**
     * The moment that a restore went on to.
     *
     * @param chosen how it was found where that was left to us; may be empty
     * @param reached cluster time of the last entry that counts; with a dry run the last that may count
     * @param reachedAt that on the source's clock
     * @param entries of the oplog, between the backup and the moment
     */
    record Point(String asked, String chosen, String reached, Instant reachedAt, long entries, String proof) {}

    boolean refuted() {
        return digestsEqual < digestsCompared;
    }
}
