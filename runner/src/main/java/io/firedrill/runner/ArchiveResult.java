package io.firedrill.runner;

import io.firedrill.archive.OplogTimeline;
import io.firedrill.oplog.RpoSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an archiver came to; the names are those of the JSON output.
 *
 * @param timeline that it wrote last; 0 where a first one would begin
 * @param archivedTo the last entry that is archived; null where there is none
 * @param gaps that it met
 * @param oplogWindowSeconds how far back the source's oplog reaches; null where nobody looked
 * @param oplogWindowShort whether that is less than twice the outage budget
 * @param seals taken meanwhile; null where none were to be
 */
record ArchiveResult(
        String source,
        int timeline,
        @Nullable ConsistencyPoint archivedTo,
        long slices,
        long entries,
        long bytesRaw,
        double seconds,
        @Nullable Rpo rpo,
        List<Gap> gaps,
        @Nullable Long oplogWindowSeconds,
        boolean oplogWindowShort,
        @Nullable Seals seals,
        boolean dryRun,
        String record,
        String report) {

    /** Measured recovery points: how long a note of ours in the source took to lie in the archive. */
    record Rpo(long samples, double medianSeconds, double p95Seconds, double maxSeconds) {
        static Rpo of(RpoSummary summary) {
            return new Rpo(
                    summary.samples(),
                    RecordedRun.seconds(summary.median()),
                    RecordedRun.seconds(summary.p95()),
                    RecordedRun.seconds(summary.max()));
        }
    }

    /**
     * What became of the seals that were due meanwhile.
     *
     * @param unneeded ones that were left out, as nothing had been written since the one before
     * @param failed attempts; each has a record of its own, as the seals that were taken have
     * @param bytesRead of raw documents, for the seals that were taken
     * @param lastFailure empty if none failed
     */
    record Seals(long taken, long unneeded, long failed, long bytesRead, double seconds, String lastFailure) {
        static final Seals NONE = new Seals(0, 0, 0, 0, 0, "");

        Seals andTaken(SealResult seal) {
            return new Seals(
                    taken + 1, unneeded, failed, bytesRead + seal.bytesRead(), seconds + seal.seconds(), lastFailure);
        }

        Seals andUnneeded() {
            return new Seals(taken, unneeded + 1, failed, bytesRead, seconds, lastFailure);
        }

        Seals andFailed(String why) {
            return new Seals(taken, unneeded, failed + 1, bytesRead, seconds, why);
        }

        String words() {
            return "%d taken (%d bytes read in %.1f s), %d unneeded as nothing was written, %d failed"
                    .formatted(taken, bytesRead, seconds, unneeded, failed);
        }
    }

    /** Between the last entry of one timeline and the first of the next nothing is known. */
    record Gap(String reason, @Nullable ConsistencyPoint after, ConsistencyPoint begin, int timeline, Instant foundAt) {
        static Gap of(OplogTimeline next) {
            return new Gap(
                    next.reason().word(),
                    next.after().map(Results::point).orElse(null),
                    Results.point(next.begin()),
                    next.number(),
                    next.createdAt());
        }

        String words() {
            return "%s: nothing is known between %s and %s"
                    .formatted(reason, after == null ? "the beginning" : words(after), words(begin));
        }

        private static String words(ConsistencyPoint point) {
            return "%d,%d (%s)".formatted(point.t(), point.i(), Instant.ofEpochSecond(point.t()));
        }
    }
}
