package io.firedrill.runner;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes for people what an archiver came to. */
final class ArchiveLines {
    private final BiConsumer<String, String> line;

    /**
     * @param line writes a label and what belongs to it
     */
    ArchiveLines(BiConsumer<String, String> line) {
        this.line = line;
    }

    void print(ArchiveResult result) {
        line.accept("Source", result.source());
        line.accept("Archived to", reached(result));
        if (!result.dryRun()) {
            line.accept(
                    "Entries",
                    "%s (%s) in %s, %s"
                            .formatted(
                                    Figures.count(result.entries()),
                                    Figures.bytes(result.bytesRaw()),
                                    Figures.count(result.slices(), "slice"),
                                    Figures.seconds(result.seconds())));
        }
        line.accept("RPO", rpo(result.rpo()));
        result.gaps().forEach(gap -> line.accept("GAP", gap.words()));
        Long window = result.oplogWindowSeconds();
        if (window != null) {
            line.accept(
                    "Oplog",
                    "reaches back " + Figures.seconds((double) window)
                            + (result.oplogWindowShort()
                                    ? ": WARNING, that is less than twice the archive-outage-budget"
                                    : ""));
        }
        line.accept("Record", result.record());
        line.accept("Report", result.report());
    }

    private static String reached(ArchiveResult result) {
        ConsistencyPoint to = result.archivedTo();
        return to == null
                ? "nothing yet: a first timeline would begin"
                : "%d,%d (%s), timeline %d"
                        .formatted(to.t(), to.i(), java.time.Instant.ofEpochSecond(to.t()), result.timeline());
    }

    private static String rpo(ArchiveResult.@Nullable Rpo rpo) {
        return rpo == null
                ? ""
                : "median %s, p95 %s, max %s of %s"
                        .formatted(
                                Figures.seconds(rpo.medianSeconds()),
                                Figures.seconds(rpo.p95Seconds()),
                                Figures.seconds(rpo.maxSeconds()),
                                Figures.count(rpo.samples(), "sample"));
    }
}
