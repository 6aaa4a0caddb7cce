package io.firedrill.runner;

import io.firedrill.runner.SecretsResult.Line;
import io.firedrill.runner.SecretsResult.State;
import java.io.PrintStream;

/** Writes what is known of the secrets as a table for people, and below what is not well what to do. */
final class SecretsLines {
    private static final String ROW = "%s %-34s %-6s %-6s %-36s %s%n";

    private final PrintStream out;
    private final Paint paint;

    SecretsLines(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(SecretsResult result) {
        out.printf(
                "%s  %d failed, %d to look at, %d fine, %d not set%n%n",
                painted(State.valueOf(result.outcome()), result.outcome()),
                result.in(State.FAIL).size(),
                result.in(State.WARN).size(),
                result.in(State.OK).size(),
                result.in(State.NOT_SET).size());
        out.printf(ROW, "%-7s".formatted("STATE"), "SECRET", "DAYS", "OF", "WHO MAY READ IT", "WHERE");
        result.secrets().forEach(this::line);
        out.printf("%nLost, stolen, or locked out: docs/SECRETS.md says of each what to do.%n");
    }

    private void line(Line line) {
        State state = State.valueOf(line.state());
        out.printf(
                ROW,
                painted(state, "%-7s".formatted(state.name().replace("NOT_SET", "-"))),
                line.name(),
                line.ageDays() == null ? "-" : line.ageDays(),
                line.rotationDays() == null ? "never" : line.rotationDays(),
                String.join(" ", line.readers()),
                line.where().isEmpty() ? line.kubernetes() : Visible.of(line.where()));
        if (!line.hint().isEmpty()) {
            out.printf("%8s%s%n%8s%s%n", "", Visible.of(line.seen()), "", Visible.of(line.hint()));
        }
    }

    private String painted(State state, String text) {
        return switch (state) {
            case OK -> paint.good(text);
            case WARN -> paint.doubtful(text);
            case FAIL -> paint.bad(text);
            case NOT_SET -> paint.faint(text);
        };
    }
}
