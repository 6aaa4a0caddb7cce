package io.firedrill.runner;

import io.firedrill.doctor.Finding.State;
import java.io.PrintStream;

/** Writes what the doctor says for people: a line for each check, and below what is not well what to do. */
final class DoctorLines {
    private final PrintStream out;
    private final Paint paint;

    DoctorLines(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(DoctorResult result) {
        out.printf(
                "%s  %d failed, %d to look at, %d fine, %d not looked at%n%n",
                painted(result.outcome(), result.outcome()),
                result.failed(),
                result.warned(),
                result.ok(),
                result.skipped());
        result.checks().forEach(this::line);
    }

    private void line(DoctorResult.Line check) {
        String name = "%s %s".formatted(check.subject(), check.check());
        out.printf(
                "%s %-22s %s%n",
                painted(check.state(), "%-7s".formatted(check.state())), name, Visible.of(check.seen()));
        if (!check.hint().isEmpty()) {
            out.printf("%31s%s%n%31s%s%n", "", Visible.of(check.hint()), "", paint.faint(check.link()));
        }
    }

    private String painted(String state, String text) {
        return switch (State.valueOf(state)) {
            case OK -> paint.good(text);
            case WARN -> paint.doubtful(text);
            case FAIL -> paint.bad(text);
            case SKIPPED -> paint.faint(text);
        };
    }
}
