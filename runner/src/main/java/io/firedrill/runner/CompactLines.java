package io.firedrill.runner;

import java.time.Instant;
import java.util.function.BiConsumer;

/** Writes for people what a compaction came to. */
final class CompactLines {
    private final BiConsumer<String, String> line;

    /**
     * @param line writes a label and what belongs to it
     */
    CompactLines(BiConsumer<String, String> line) {
        this.line = line;
    }

    /** What stands behind the verdict. */
    static String headline(CompactResult result) {
        return switch (result.state()) {
            case "nothing" ->
                "to fold: backup %s shows that moment already; nothing was written".formatted(result.base());
            case "planned" -> "a synthetic backup would be made; nothing was written";
            default -> "synthetic backup " + result.backupId();
        };
    }

    void print(CompactResult result) {
        line.accept("Base", result.base() + ", which shows " + point(result.from()));
        line.accept("Shows", point(result.consistencyPoint()));
        if (result.state().equals("nothing")) {
            line.accept("Record", result.record());
            return;
        }
        work(result.work(), result.state().equals("planned"));
        if (result.state().equals("sealed")) {
            made(result);
        }
        line.accept("Left out", result.excluded().isEmpty() ? "nothing" : String.join(", ", result.excluded()));
        line.accept("Record", result.record());
        line.accept("Report", result.report());
    }

    private void work(CompactResult.Work work, boolean planned) {
        String replayed = planned
                ? "up to %s of oplog in %s"
                        .formatted(Figures.bytes(work.bytesReplayed()), Figures.count(work.slices(), "slice"))
                : "%s entries in %s".formatted(Figures.count(work.entries()), Figures.count(work.slices(), "slice"));
        line.accept(planned ? "To load" : "Loaded", Figures.bytes(work.bytesLoaded()));
        line.accept(planned ? "To replay" : "Replayed", replayed);
    }

    private void made(CompactResult result) {
        CompactResult.Made made = result.made();
        line.accept("Proven by", result.proof());
        line.accept(
                "Data",
                "%s in %s, %s"
                        .formatted(
                                Figures.count(made.documents(), "document"),
                                Figures.count(made.collections(), "collection"),
                                Figures.bytes(made.bytesRaw())));
        line.accept(
                "Stored",
                "%s, %s of it new; %s of %s already there"
                        .formatted(
                                Figures.bytes(made.bytesStored()),
                                Figures.bytes(made.bytesUploaded()),
                                Figures.count(made.segmentsReused()),
                                Figures.count(made.segments(), "segment")));
        line.accept("Took", Figures.seconds(result.seconds()));
    }

    private static String point(ConsistencyPoint point) {
        return "%s (cluster time %d,%d)"
                .formatted(Figures.time(Instant.ofEpochSecond(point.t())), point.t(), point.i());
    }
}
