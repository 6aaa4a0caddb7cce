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
