package io.firedrill.runner;

import io.firedrill.readiness.Board;
import io.firedrill.readiness.TaskState;
import java.io.PrintStream;

/** Writes a board for a person: the verdict first, then section by section what is done and what is missing. */
final class ReadinessTable {
    private final PrintStream out;
    private final Paint paint;

    ReadinessTable(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(Board board) {
        String verdict = Visible.of(board.verdict());
        out.println(board.isReady() ? paint.good(verdict) : paint.bad(verdict));
        if (!board.ledgerProblem().isEmpty()) {
            out.println(paint.bad("No record counts: " + Visible.of(board.ledgerProblem())));
        }
        board.sections().forEach(this::section);
        out.println();
        out.println("%s, sha256 %s"
                .formatted(Visible.of(board.plan().file()), board.plan().sha256()));
    }

    private void section(Board.OfSection section) {
        long done =
                section.tasks().stream().filter(task -> task.state().isDone()).count();
        out.println();
        out.println("%s (%s)  %d of %d"
                .formatted(
                        Visible.of(section.title()),
                        section.id(),
                        done,
                        section.tasks().size()));
        if (!section.signOff().isEmpty()) {
            String who = Visible.of(section.signOff());
            out.println("  " + (section.isSignedOff() ? who : paint.doubtful(who)));
        }
        section.tasks().forEach(this::task);
    }

    private void task(Board.OfTask each) {
        String due = each.task().due().map(day -> ", due " + day).orElse("");
        String owner = each.task().owner().isEmpty() ? "nobody" : each.task().owner();
        // The colour is added after the columns are laid out, since it has a length of its own.
        String state = "%-11s".formatted(each.state());
        out.println("  %s  %-34s %s (%s%s)"
                .formatted(
                        painted(each.state(), state),
                        each.task().id(),
                        Visible.of(each.task().title()),
                        Visible.of(owner),
                        due));
        if (!each.reason().isEmpty()) {
            out.println("               " + Visible.of(each.reason()));
        }
    }

    private String painted(TaskState state, String text) {
        return switch (state) {
            case PROVEN, SIGNED_OFF -> paint.good(text);
            case WAIVED, DUE -> paint.doubtful(text);
            case UNOWNED, OVERDUE, NO_EVIDENCE -> paint.bad(text);
        };
    }
}
