package io.firedrill.runner;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Burden;
import io.firedrill.evidence.RehearsalFacts.Estimate;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Writes for people what a rehearsal found: change by change, property by property. */
final class RehearsalLines {
    private static final int PROPERTY_COLUMNS = 18;
    private static final int GRADE_COLUMNS = 12;
    private static final int DIFFERENCES_MAX = 3;
    private static final int PERCENT = 100;

    /** Of the oplog at once: half of it would be most of what a member that lags has left. */
    private static final double OPLOG_SHARE_MAX = 0.25;

    private final PrintStream out;
    private final Paint paint;
    private final BiConsumer<String, String> line;

    /**
     * @param line writes a label and what belongs to it
     */
    RehearsalLines(PrintStream out, Paint paint, BiConsumer<String, String> line) {
        this.out = out;
        this.paint = paint;
        this.line = line;
    }

    /** What stands behind the verdict. */
    static String headline(RehearseResult result) {
        String changes = Figures.count(result.rehearsal().changes().size(), "pending change");
        return switch (result.outcome()) {
            case "planned" -> changes + " would be rehearsed; nothing was restored";
            default -> "rehearsal of " + changes;
        };
    }

    void print(RehearseResult result) {
        RehearsalFacts facts = result.rehearsal();
        line.accept("Migrations", Visible.of("%s, %s".formatted(facts.tool(), facts.artefact())));
        if (!facts.artefactSha256().isEmpty()) {
            line.accept("SHA-256", facts.artefactSha256());
        }
        line.accept("Database", Visible.of(facts.database()));
        line.accept("Backup", result.backupId());
        long accepted = result.graded(Grade.ACCEPTED);
        if (!result.outcome().equals("planned")) {
            line.accept(
                    "Found",
                    "%d proven, %d failed%s, %d not tested%s"
                            .formatted(
                                    result.graded(Grade.PROVEN),
                                    result.graded(Grade.FAILED),
                                    accepted == 0 ? "" : ", %d failed and accepted".formatted(accepted),
                                    result.graded(Grade.NOT_TESTED),
                                    shortOf(result)));
            line.accept("Took", Figures.seconds(result.seconds()));
            line.accept("Receipt", result.record());
            line.accept("Report", result.report());
            if (!result.rollbackPlan().isEmpty()) {
                line.accept("Rollback", result.rollbackPlan());
                line.accept("Runbook", result.runbook());
            }
        }
        facts.changes().forEach(each -> change(facts, each));
    }

    private static String shortOf(RehearseResult result) {
        if (result.rehearsal().full()) {
            return "";
        }
        return result.rollbackPlan().isEmpty()
                ? " (one cut was made again: no receipt)"
                : " (a quick rehearsal cuts no run off)";
    }

    private void change(RehearsalFacts facts, OfChange change) {
        out.println();
        out.println(Visible.of(change.name())
                + change.measures().map(RehearsalLines::measures).orElse(""));
        facts.oplogShare(change)
                .ifPresent(share -> out.println("  %.1f %% of the source's oplog%s"
                        .formatted(
                                // It may be more than all of it.
                                share * PERCENT,
                                share > OPLOG_SHARE_MAX
                                        ? paint.bad(
                                                ": so much at once can make secondaries and change streams lose touch")
                                        : "")));
        change.estimate().ifPresent(reckoned -> out.println("  on the source " + estimate(reckoned)));
        change.burden().ifPresent(felt -> out.println("  " + burden(felt)));
        change.properties().forEach(this::property);
    }

    /** How long it will take there, and what that rests on. */
    static String estimate(Estimate reckoned) {
        String range = reckoned.lowSeconds()
                .flatMap(low -> reckoned.highSeconds()
                        .map(high -> " (%s to %s)".formatted(Figures.seconds(low), Figures.seconds(high))))
                .orElse("");
        return "%s%s for %s, %s: %s"
                .formatted(
                        Figures.seconds(reckoned.seconds()),
                        range,
                        Figures.count(reckoned.documents(), "document"),
                        Figures.bytes(reckoned.bytes()),
                        reckoned.basis());
    }

    private static String burden(Burden felt) {
        return "a user of its collections waited %.1f ms at p95, %.1f before; %.1f at most (%s)"
                .formatted(
                        felt.p95DuringMillis(),
                        felt.p95BeforeMillis(),
                        felt.maxDuringMillis(),
                        Figures.count(felt.requests(), "request"));
    }

    private static String measures(Measures measures) {
        return Visible.of("  %s, %s written to, %s of oplog%s"
                .formatted(
                        Figures.seconds(measures.seconds()),
                        Figures.count(measures.documents(), "document"),
                        Figures.bytes(measures.oplogBytes()),
                        measures.statements().isEmpty() ? "" : ", " + String.join(", ", measures.statements())));
    }

    private void property(OfProperty property) {
        String name = property.property().toLowerCase(Locale.ROOT).replace('_', ' ');
        String grade = property.grade().name().replace('_', ' ');
        out.println("  " + name + " ".repeat(PROPERTY_COLUMNS - name.length()) + painted(property.grade(), grade)
                + " ".repeat(GRADE_COLUMNS - grade.length()) + Visible.of(property.detail()));
        List<String> differences = property.differences();
        differences.stream()
                .limit(DIFFERENCES_MAX)
                .forEach(each -> out.println(" ".repeat(2 + PROPERTY_COLUMNS) + Visible.of(each)));
        if (differences.size() > DIFFERENCES_MAX) {
            out.println(" ".repeat(2 + PROPERTY_COLUMNS) + "… the report has more of them");
        }
    }

    private String painted(Grade grade, String word) {
        return switch (grade) {
            case PROVEN -> paint.good(word);
            case FAILED -> paint.bad(word);
            case ACCEPTED, NOT_TESTED -> paint.doubtful(word);
        };
    }
}
