package io.firedrill.runner;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.io.PrintStream;
import java.util.function.BiConsumer;

/** Writes for people what was applied or taken back: planned against actual. */
final class ReleaseLines {
    private final PrintStream out;
    private final Paint paint;
    private final BiConsumer<String, String> line;

    /**
     * @param line writes a label and what belongs to it
     */
    ReleaseLines(PrintStream out, Paint paint, BiConsumer<String, String> line) {
        this.out = out;
        this.paint = paint;
        this.line = line;
    }

    /** What stands behind the verdict. */
    static String headline(ReleaseResult result) {
        String verb = result.kind().equals("migrations-apply") ? "applied" : "taken back";
        int count = result.release().changes().size();
        if (result.outcome().equals("planned")) {
            return "%s would be %s; nothing was written".formatted(Figures.count(count, "change"), verb);
        }
        return count == 0
                ? "no change is pending; nothing was written"
                : "%d of %s %s".formatted(result.done(), Figures.count(count, "change"), verb);
    }

    void print(ReleaseResult result) {
        ReleaseFacts facts = result.release();
        line.accept("Migrations", Visible.of("%s, %s".formatted(facts.tool(), facts.artefact())));
        line.accept("SHA-256", facts.artefactSha256());
        line.accept("Database", Visible.of("%s on %s".formatted(facts.database(), result.replicaSet())));
        line.accept("Receipt", facts.receipt());
        line.accept("Before", facts.restorePoint());
        line.accept("After", facts.endPoint());
        line.accept("Unfinished", Visible.of(result.unfinished()));
        result.unproven().forEach(each -> line.accept("Not proven", Visible.of(each)));
        if (!result.outcome().equals("planned")) {
            line.accept("Took", Figures.seconds(result.seconds()));
            line.accept("Run", result.runId());
            line.accept("Record", result.record());
            line.accept("Report", result.report());
        }
        facts.changes().forEach(change -> change(change, result.outcome().equals("planned")));
    }

    private void change(OfChange change, boolean planned) {
        out.println();
        String measured = change.plannedSeconds()
                .map(seconds -> "  planned " + Figures.seconds(seconds))
                .orElse("");
        String estimated = change.estimatedSeconds()
                .map(seconds -> ", estimated " + Figures.seconds(seconds))
                .orElse("");
        String actual = change.actualSeconds()
                .map(seconds -> ", took " + Figures.seconds(seconds))
                .orElse("");
        out.println(Visible.of(change.name()) + measured + estimated + actual);
        if (!planned) {
            String state = change.begun() ? change.state() : "not begun";
            out.println("  " + (change.done() ? paint.good(state) : paint.bad(state)) + "  " + Visible.of(change.end())
                    + behind(change));
        } else if (!change.receipt().isEmpty()) {
            out.println("  proven by rehearsal " + change.receipt());
        }
    }

    private static String behind(OfChange change) {
        return change.lagSeconds()
                .map("; secondaries at most %d s behind"::formatted)
                .orElse("");
    }
}
