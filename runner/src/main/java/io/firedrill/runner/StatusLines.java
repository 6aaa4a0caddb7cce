package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes for people how things stand, below the verdict. */
final class StatusLines {
    private static final int MISSED_MAX = 5;

    private final BiConsumer<String, String> line;
    private final Paint paint;
    private final UnaryOperator<String> state;
    private final Function<Rto, String> rto;

    /**
     * @param line writes a label and what belongs to it; nothing where that is empty
     */
    StatusLines(BiConsumer<String, String> line, Paint paint, UnaryOperator<String> state, Function<Rto, String> rto) {
        this.line = line;
        this.paint = paint;
        this.state = state;
        this.rto = rto;
    }

    void print(StatusResult result) {
        result.reasons().stream()
                .skip(1)
                .forEach(reason ->
                        line.accept("Also", state.apply(reason.state()) + "  " + reason.why() + ". " + reason.step()));
        if (result.sources().size() > 1) {
            result.sources().forEach(source -> line.accept("Source", source(source)));
        } else {
            line.accept("Last backup", backup(result.lastBackup()));
            line.accept("Recoverable", recoverable(result.recoverable()));
            line.accept("Last proven", proven(result.lastProven()));
            line.accept("Newest seal", seal(result.newestSeal()));
            line.accept("Last drill", drill(result.lastDrill()));
        }
        result.schedule().forEach(due -> line.accept("Due", due(due)));
        missed(result.missed());
        line.accept("Lock", Objects.requireNonNullElse(result.lockHolder(), "free"));
        line.accept("Open runs", result.openRuns() == 0 ? "none" : Figures.count(result.openRuns()));
        result.archives().forEach(archive -> new ArchiveLines(line).print(archive, paint));
        result.doubts().forEach(doubt -> line.accept("DOUBT", paint.bad(doubt.words())));
        line.accept("Held", String.join(", ", result.held()));
        line.accept("Marked", String.join(", ", result.marked()));
        line.accept("Next", result.nextStep());
    }

    private String source(StatusResult.OfSource source) {
        return "%s %s: last backup %s%s; last proven %s%s; last drill %s"
                .formatted(
                        Visible.of(source.source()),
                        state.apply(source.state()),
                        backup(source.lastBackup()),
                        after("; recoverable ", recoverable(source.recoverable())),
                        proven(source.lastProven()),
                        after("; newest seal ", seal(source.newestSeal())),
                        drill(source.lastDrill()));
    }

    private static String after(String label, String text) {
        return text.isEmpty() ? "" : label + text;
    }

    private String backup(@Nullable BackupLine backup) {
        return backup == null
                ? "none"
                : backup.backupId() + " " + state.apply(backup.state())
                        + (backup.synthetic() == null ? "" : ", synthetic")
                        + ", " + Figures.time(backup.createdAt()) + ", "
                        + Figures.count(backup.documents(), "document");
    }

    private String recoverable(StatusResult.@Nullable Recoverable point) {
        if (point == null) {
            return "";
        }
        String text =
                "up to %s, %s ago".formatted(Figures.time(point.at()), Figures.seconds((double) point.ageSeconds()));
        Double target = point.targetSeconds();
        return target == null
                ? text
                : text + ", of " + Figures.seconds(target) + " allowed: " + (point.late() ? paint.bad("LATE") : "met");
    }

    private String due(StatusResult.DueRun due) {
        Instant next = due.next();
        return "%s %s%s, next %s%s"
                        .formatted(
                                due.kind(),
                                due.cron(),
                                due.source().isEmpty() ? "" : " of " + due.source(),
                                next == null ? "never" : Figures.time(next),
                                due.last().isEmpty() ? "" : ", last " + state.apply(due.last()))
                + (due.missed() == 0 ? "" : ", %d missed in 30 days".formatted(due.missed()));
    }

    private void missed(List<EvidenceResult.MissedRun> missed) {
        missed.reversed().stream()
                .limit(MISSED_MAX)
                .forEach(each -> line.accept(
                        "Missed", each.words() + (each.record().isEmpty() ? ", not recorded" : ": " + each.record())));
        line.accept(
                "",
                missed.size() > MISSED_MAX
                        ? "and %d more: see 'firedrill evidence verify'".formatted(missed.size() - MISSED_MAX)
                        : "");
    }

    private String proven(StatusResult.@Nullable LastProven proven) {
        return proven == null
                ? paint.doubtful("never")
                : proven.backupId() + ", " + Figures.seconds((double) proven.ageSeconds()) + " ago ("
                        + Figures.time(proven.provenAt()) + ")";
    }

    private String seal(StatusResult.@Nullable NewestSeal seal) {
        if (seal == null) {
            return "";
        }
        String age = "%s old, %s of %s"
                .formatted(
                        Figures.seconds((double) seal.ageSeconds()), TextPrinter.point(seal.sealedAt()), seal.source());
        return seal.overdue()
                ? paint.doubtful(
                        age + ": OVERDUE by seal-interval; see what the archiver says, or run 'firedrill seal'")
                : age;
    }

    private String drill(StatusResult.@Nullable LastDrill drill) {
        return drill == null
                ? "none"
                : state.apply(drill.outcome()) + (drill.partial() ? " in part" : "") + " at " + Figures.time(drill.at())
                        + ", " + rto.apply(drill.rto());
    }
}
