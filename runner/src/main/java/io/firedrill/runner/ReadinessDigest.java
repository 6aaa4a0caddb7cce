package io.firedrill.runner;

import io.firedrill.monitoring.Notification;
import io.firedrill.monitoring.Notification.Event;
import io.firedrill.readiness.Board;
import java.util.ArrayList;
import java.util.List;

/** A status update in as few words as somebody reads who has other things to do: numbers first, then what they are to do. */
final class ReadinessDigest {
    private static final int SHOWN_MAX = 10;

    private ReadinessDigest() {}

    /**
     * @param record of the update
     * @param where all of it is, as a sentence
     */
    static Notification of(ReadinessOutlook outlook, String record, String where) {
        Board board = outlook.board();
        List<Board.OfTask> fresh = outlook.newlyOverdue();
        List<Board.OfTask> blockers = outlook.blockers();
        List<Board.OfTask> due = outlook.fallingDue();
        List<Board.OfTask> out = outlook.runningOut();
        var lines = new ArrayList<String>();
        say(lines, "Newly overdue", fresh);
        say(
                lines,
                fresh.isEmpty() ? "Blockers" : "Other blockers",
                blockers.stream().filter(task -> !fresh.contains(task)).toList());
        say(lines, "Due by " + outlook.lastDay(), due);
        say(lines, "Evidence runs out by " + outlook.lastDay(), out);
        return new Notification(
                Event.DIGEST,
                board.programme(),
                "readiness",
                "%d newly overdue, %d in the way, %d due by %s"
                        .formatted(fresh.size(), blockers.size(), due.size() + out.size(), outlook.lastDay()),
                0,
                board.at(),
                board.verdict(),
                where,
                record,
                blockers.size(),
                lines);
    }

    private static void say(List<String> lines, String title, List<Board.OfTask> tasks) {
        if (!tasks.isEmpty()) {
            lines.add("%s (%d):".formatted(title, tasks.size()));
            tasks.stream().limit(SHOWN_MAX).map(ReadinessDigest::words).forEach(lines::add);
            if (tasks.size() > SHOWN_MAX) {
                lines.add("- and %d more".formatted(tasks.size() - SHOWN_MAX));
            }
        }
    }

    private static String words(Board.OfTask each) {
        String owner = each.task().owner().isEmpty() ? "nobody" : each.task().owner();
        String day = each.task().due().map(due -> ", due " + due).orElse("");
        return "- %s: %s (%s%s) %s"
                .formatted(each.state(), each.task().title(), owner, day, each.reason())
                .strip();
    }
}
