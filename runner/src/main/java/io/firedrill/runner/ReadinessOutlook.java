package io.firedrill.runner;

import io.firedrill.readiness.Board;
import io.firedrill.readiness.LedgerFacts;
import io.firedrill.readiness.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has become of a board since the last status update, and what will before the next one: updates are weekly.
 *
 * @param before the states that the last update told, by the tasks' ids; empty if there was none
 */
record ReadinessOutlook(Board board, Map<String, String> before) {
    private static final Duration AHEAD = Duration.ofDays(7);

    static ReadinessOutlook of(Board board, Optional<LedgerFacts.Published> last) {
        return new ReadinessOutlook(
                board, last.map(update -> update.said().states()).orElse(Map.of()));
    }

    private Instant soon() {
        return board.at().plus(AHEAD);
    }

    /** The last day that it looks ahead to. */
    LocalDate lastDay() {
        return LocalDate.ofInstant(soon(), ZoneOffset.UTC);
    }

    /** Whose day has passed since. */
    List<Board.OfTask> newlyOverdue() {
        return board.in(TaskState.OVERDUE)
                .filter(task ->
                        !TaskState.OVERDUE.name().equals(before.get(task.task().id())))
                .toList();
    }

    List<Board.OfTask> blockers() {
        return board.tasks().filter(task -> task.state().isBlocker()).toList();
    }

    /** What is proven, and will not be any more. */
    List<Board.OfTask> runningOut() {
        return board.tasks()
                .filter(task -> task.basis() == TaskState.PROVEN)
                .filter(task -> task.until().filter(soon()::isAfter).isPresent())
                .toList();
    }

    /** What is not done, and whose day comes. */
    List<Board.OfTask> fallingDue() {
        return board.tasks()
                .filter(task -> !task.state().isDone() && task.state() != TaskState.OVERDUE)
                .filter(task ->
                        task.task().due().filter(day -> !day.isAfter(lastDay())).isPresent())
                .toList();
    }
}
