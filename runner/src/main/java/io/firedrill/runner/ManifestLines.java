package io.firedrill.runner;

import java.io.PrintStream;
import java.util.stream.Collectors;

/** Writes findings for people: one line each that editors can follow, and below it what to do. */
final class ManifestLines implements ManifestsPrinter {
    private final PrintStream out;
    private final Paint paint;

    ManifestLines(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public void print(ManifestsResult result) {
        String verdict = result.faults() == 0 ? paint.good(result.outcome()) : paint.bad(result.outcome());
        out.printf(
                "%s  %s in %s, %d waived%n",
                verdict,
                Figures.count(result.faults(), "finding"),
                Figures.count(result.resources(), "resource"),
                result.waived());
        if (!result.findings().isEmpty()) {
            out.println();
            result.findings().forEach(this::finding);
        }
        if (!result.unmodelled().isEmpty()) {
            out.println();
            out.println("No model is known of " + kinds(result) + ": their fields were not looked at.");
        }
        if (!result.findings().isEmpty()) {
            out.println("What each rule is for: " + result.findings().getFirst().link());
        }
    }

    private static String kinds(ManifestsResult result) {
        return result.unmodelled().entrySet().stream()
                .map(kind -> "%s (%d)".formatted(Visible.of(kind.getKey()), kind.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void finding(ManifestsResult.Line finding) {
        boolean waived = !finding.waived().isEmpty();
        String rule = waived ? paint.faint(finding.rule()) : paint.bad(finding.rule());
        out.println(Visible.of("%s:%d: ".formatted(finding.file(), finding.line()))
                + rule
                + Visible.of(": %s, %s: %s".formatted(finding.object(), finding.path(), finding.detail())));
        out.println(
                "    " + (waived ? "waived: " + Visible.of(finding.waived()) : finding.why() + " " + finding.hint()));
    }
}
