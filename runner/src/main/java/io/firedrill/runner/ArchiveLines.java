package io.firedrill.runner;

import java.time.Instant;
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
        ArchiveResult.Seals seals = result.seals();
        if (seals != null) {
            line.accept("Seals", words(seals));
        }
        line.accept("Record", result.record());
        line.accept("Report", result.report());
    }

    void print(ArchiveStatus status, Paint paint) {
        if (status.windows().isEmpty()) {
            line.accept("Window", paint.doubtful("none: no sealed backup lies in the archived oplog; back up now"));
        }
        status.windows()
                .forEach(window -> line.accept(
                        "Window",
                        "%s to %s, upon %s".formatted(time(window.from()), time(window.to()), window.backup())));
        status.gaps().forEach(gap -> line.accept("Gap", paint.doubtful(gap.words())));
        line.accept(
                "Archive",
                "%s, %s behind; %s"
                        .formatted(
                                status.source(),
                                Figures.seconds(status.lagSeconds()),
                                status.archiver() == null ? paint.doubtful("nobody archives now") : status.archiver()));
        line.accept("RPO", rpo(status, paint));
        line.accept("Warning", status.warning().isEmpty() ? "" : paint.doubtful(status.warning()));
    }

    private static String words(ArchiveResult.Seals seals) {
        String cost = seals.taken() == 0
                ? ""
                : " (%s in %s)".formatted(Figures.bytes(seals.bytesRead()), Figures.seconds(seals.seconds()));
        String failed =
                seals.failed() == 0 ? "" : ", WARNING, %d failed: %s".formatted(seals.failed(), seals.lastFailure());
        return "%d taken%s, %d unneeded%s".formatted(seals.taken(), cost, seals.unneeded(), failed);
    }

    private static String rpo(ArchiveStatus status, Paint paint) {
        Double measured = status.rpoSeconds();
        Double target = status.rpoTargetSeconds();
        String actual = measured == null ? "not measured of late" : Figures.seconds(measured) + " measured";
        if (target == null) {
            return actual + ", no target is set";
        }
        String met = status.rpoMissed() ? paint.bad("MISSED") : paint.good("met");
        return actual + " of " + Figures.seconds(target) + " allowed: " + met;
    }

    private static String time(ConsistencyPoint point) {
        return Instant.ofEpochSecond(point.t()).toString();
    }

    private static String reached(ArchiveResult result) {
        ConsistencyPoint to = result.archivedTo();
        return to == null
                ? "nothing yet: a first timeline would begin"
                : "%d,%d (%s), timeline %d".formatted(to.t(), to.i(), Instant.ofEpochSecond(to.t()), result.timeline());
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
