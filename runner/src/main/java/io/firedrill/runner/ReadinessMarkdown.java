package io.firedrill.runner;

import io.firedrill.readiness.Board;
import io.firedrill.readiness.LedgerFacts;
import io.firedrill.readiness.TaskState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes a board as Markdown: the whole of it, or what a status update says. */
final class ReadinessMarkdown {
    private ReadinessMarkdown() {}

    static String of(Board board) {
        MarkdownPage page = head(board);
        for (Board.OfSection section : board.sections()) {
            page.section(MarkdownText.of(section.title()));
            if (!section.signOff().isEmpty()) {
                page.say(MarkdownText.of(section.signOff()));
            }
            page.table(
                    List.of("State", "Task", "Title", "Owner", "Backup", "Due", "Ticket", "Why"),
                    section.tasks().stream().map(ReadinessMarkdown::row).toList());
        }
        return foot(page, board);
    }

    private static MarkdownPage head(Board board) {
        MarkdownPage page =
                new MarkdownPage().title(MarkdownText.of(board.programme())).say("**%s**".formatted(board.verdict()));
        return board.ledgerProblem().isEmpty()
                ? page
                : page.say("No record counts: " + MarkdownText.of(board.ledgerProblem()));
    }

    private static String foot(MarkdownPage page, Board board) {
        return page.say("%s, sha256 `%s`, as of %s"
                        .formatted(
                                MarkdownText.of(board.plan().file()),
                                board.plan().sha256(),
                                Figures.time(board.at())))
                .text();
    }

    private static List<String> row(Board.OfTask each) {
        return Stream.of(
                        each.state().name(),
                        each.task().id(),
                        each.task().title(),
                        each.task().owner(),
                        each.task().backupOwner(),
                        each.task().due().map(LocalDate::toString).orElse(""),
                        each.task().ticket(),
                        each.reason())
                .map(MarkdownText::of)
                .toList();
    }

    /** What somebody reads who reads nothing else: how far it is, what changed, what stands in the way, what may yet. */
    static String update(Board board, Optional<LedgerFacts.Published> last) {
        MarkdownPage page = head(board)
                .table(
                        List.of("Section", "Done", "Signed off"),
                        board.sections().stream()
                                .map(ReadinessMarkdown::summary)
                                .toList());
        page.section(
                last.map(before -> "Changed since " + Figures.time(before.at())).orElse("Changed"));
        said(page, changes(board, last));
        page.section("Blockers");
        said(page, lines(board, task -> task.state().isBlocker()));
        page.section("Risks");
        said(page, risks(ReadinessOutlook.of(board, last)));
        return foot(page, board);
    }

    private static List<String> summary(Board.OfSection section) {
        long done =
                section.tasks().stream().filter(task -> task.state().isDone()).count();
        return List.of(
                MarkdownText.of(section.title()),
                "%d of %d".formatted(done, section.tasks().size()),
                section.signOff().isEmpty() ? "no" : MarkdownText.of(section.signOff()));
    }

    private static void said(MarkdownPage page, List<String> lines) {
        page.bullets(lines.isEmpty() ? List.of("none") : lines);
    }

    private static List<String> changes(Board board, Optional<LedgerFacts.Published> last) {
        if (last.isEmpty()) {
            return List.of("this is the first update");
        }
        var before = last.get().said().states();
        var changes = new ArrayList<String>();
        board.states().forEach((id, state) -> {
            String was = before.getOrDefault(id, "new");
            if (!was.equals(state)) {
                changes.add(
                        "%s: %s, was %s".formatted(MarkdownText.of(id), MarkdownText.of(state), MarkdownText.of(was)));
            }
        });
        before.keySet().stream()
                .filter(id -> !board.states().containsKey(id))
                .forEach(id -> changes.add(MarkdownText.of(id) + ": is not in the file any more"));
        return changes;
    }

    private static List<String> lines(Board board, Predicate<Board.OfTask> wanted) {
        return board.tasks().filter(wanted).map(ReadinessMarkdown::line).toList();
    }

    private static String line(Board.OfTask each) {
        String owner = each.task().owner().isEmpty() ? "nobody" : each.task().owner();
        return "%s %s (%s): %s"
                .formatted(
                        MarkdownText.of(each.basis().name()),
                        MarkdownText.of(each.task().title()),
                        MarkdownText.of(owner),
                        MarkdownText.of(each.reason()));
    }

    /** What is done for now only, or will have to be done before the next update. */
    private static List<String> risks(ReadinessOutlook outlook) {
        var risks = new ArrayList<>(
                lines(outlook.board(), task -> task.basis() == TaskState.WAIVED || task.state() == TaskState.DUE));
        outlook.runningOut().stream()
                .map(task -> "evidence runs out at %s: %s"
                        .formatted(
                                Figures.time(task.until().orElseThrow()),
                                MarkdownText.of(task.task().title())))
                .forEach(risks::add);
        outlook.fallingDue().stream()
                .map(task -> "due on %s: %s"
                        .formatted(
                                task.task().due().orElseThrow(),
                                MarkdownText.of(task.task().title())))
                .forEach(risks::add);
        return risks;
    }
}
