package io.firedrill.runner;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.LedgerVerdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the commands about evidence came to; the names are those of the JSON output. */
sealed interface EvidenceResult {
    /**
     * Records, the newest first.
     *
     * @param more whether there are others that the limit left out
     */
    record Listing(String ledger, List<Line> records, boolean more) implements EvidenceResult {}

    /**
     * One record.
     *
     * @param verdict what a run came to, what an approval decided, or the key that a change of keys names
     * @param signed whether the signature holds, by the key that it names
     * @param approvals of a run, in words
     */
    record Line(
            long seq,
            Instant at,
            String kind,
            String verdict,
            @Nullable Double rtoSeconds,
            String backupId,
            String operator,
            boolean signed,
            String approvals) {}

    /**
     * One record with all that is said of it.
     *
     * @param sealed the checkpoint over it, as it is kept; empty if there is none yet
     */
    record Shown(
            String record,
            String sha256,
            String keyId,
            boolean signed,
            String sealed,
            Line line,
            List<Approvals.Said> approvals,
            JsonNode statement)
            implements EvidenceResult {}

    /** What a verification found. */
    record Verified(
            String verdict,
            String ledger,
            String period,
            long size,
            String root,
            String trust,
            List<LedgerVerdict.Area> areas,
            List<String> notes)
            implements EvidenceResult {
        static Verified of(LedgerVerdict found) {
            return new Verified(
                    found.isSound() ? "SOUND" : "FAULTY",
                    found.ledger(),
                    found.period(),
                    found.size(),
                    found.root(),
                    found.trust(),
                    found.areas(),
                    found.notes());
        }

        List<LedgerVerdict.Fault> faults() {
            return areas.stream().flatMap(area -> area.faults().stream()).toList();
        }
    }

    /** A bundle that was written. */
    record Bundled(
            String file, String ledger, String period, long first, long last, int reports, String newestCheckpoint)
            implements EvidenceResult {}

    /**
     * A report that was written, or would be.
     *
     * @param of the period, or the run
     * @param size how many records were verified for it, and {@code root} the root over them
     * @param runs that it tells of
     */
    record Reported(
            String verdict,
            String lead,
            String of,
            String ledger,
            long size,
            String root,
            int runs,
            String directory,
            List<ReportFile> files,
            boolean dryRun)
            implements EvidenceResult {}

    /** One file of a report. */
    record ReportFile(String name, long bytes, String sha256) {}

    /** A record that was added by hand: an approval, or a change of keys. */
    record Added(String record, String kind, String what, String keyId, int openRuns) implements EvidenceResult {}

    /** A key pair that was made, or a public key that was written to be pinned. */
    record KeyWritten(List<String> files, String keyId) implements EvidenceResult {}

    /** The public keys of a ledger. */
    record Keys(String ledger, List<Key> keys) implements EvidenceResult {}

    /**
     * One public key.
     *
     * @param use "in force", "before" of one that was replaced, "approver", or "unused"
     * @param records how many it signed
     */
    record Key(String keyId, String use, long records) {}
}
