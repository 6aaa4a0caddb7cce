package io.firedrill.readiness;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** Writes the open tasks that have no ticket yet, in the forms that trackers import. */
public final class Tickets {
    private static final String LABEL = "readiness";

    private static final List<String> JIRA =
            List.of("Summary", "Issue Type", "Description", "Assignee", "Due Date", "Labels", "Labels");

    private static final List<String> LINEAR = List.of(
            "Title", "Description", "Status", "Priority", "Assignee", "Labels", "Due Date", "Estimate", "Archived");

    private Tickets() {}

    /**
     * One ticket.
     *
     * @param due as 2026-11-28; empty where none is set
     */
    public record Ticket(
            String task, String summary, String description, String owner, String due, List<String> labels) {
        public Ticket {
            labels = List.copyOf(labels);
        }
    }

    public static List<Ticket> of(Board board) {
        return board.sections().stream()
                .flatMap(section -> section.tasks().stream()
                        .filter(each ->
                                !each.state().isDone() && each.task().ticket().isEmpty())
                        .map(each -> ticket(section, each)))
                .toList();
    }

    private static Ticket ticket(Board.OfSection section, Board.OfTask each) {
        Task task = each.task();
        return new Ticket(
                task.id(),
                task.title(),
                description(section, each),
                task.owner(),
                task.due().map(LocalDate::toString).orElse(""),
                List.of(LABEL, section.id()));
    }

    private static String description(Board.OfSection section, Board.OfTask each) {
        Task task = each.task();
        Stream<String> head = Stream.of(
                "%s, task %s. State: %s%s"
                        .formatted(
                                section.title(),
                                task.id(),
                                each.state(),
                                each.reason().isEmpty() ? "" : " (" + each.reason() + ")"),
                "Owner: %s, backup: %s".formatted(named(task.owner()), named(task.backupOwner())),
                "",
                "Accepted when:");
        Stream<String> criteria = task.acceptance().stream().map(line -> "- " + line);
        Stream<String> evidence = Stream.concat(
                Stream.of("", "Evidence:"), task.evidence().stream().map(one -> "- " + one.words()));
        return String.join(
                "\n", Stream.of(head, criteria, evidence).flatMap(part -> part).toList());
    }

    private static String named(String person) {
        return person.isEmpty() ? "nobody" : person;
    }

    /** For Jira's CSV import: fields by their names there; the date format to choose in it is yyyy-MM-dd. */
    public static String jira(Board board) {
        return BoardTable.write(
                JIRA,
                of(board).stream()
                        .map(ticket -> List.of(
                                ticket.summary(),
                                "Task",
                                ticket.description(),
                                ticket.owner(),
                                ticket.due(),
                                ticket.labels().getFirst(),
                                ticket.labels().getLast())));
    }

    /** For Linear's importer, in the columns of Linear's own export. */
    public static String linear(Board board) {
        return BoardTable.write(
                LINEAR,
                of(board).stream()
                        .map(ticket -> List.of(
                                ticket.summary(),
                                ticket.description(),
                                "Todo",
                                "No priority",
                                ticket.owner(),
                                String.join(", ", ticket.labels()),
                                ticket.due(),
                                "",
                                "")));
    }
}
