package io.firedrill.readiness;

import io.firedrill.evidence.CsvCell;
import io.firedrill.evidence.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes tasks as a table, as RFC 4180 has it; columns are only ever added, at the end. */
public final class BoardTable {
    private static final List<String> COLUMNS = List.of(
            "section",
            "task",
            "title",
            "state",
            "owner",
            "backupOwner",
            "due",
            "ticket",
            "reason",
            "evidence",
            "sha256");

    private BoardTable() {}

    public static String of(Board board) {
        Stream<List<String>> rows = board.sections().stream()
                .flatMap(section -> section.tasks().stream().map(task -> row(section, task)));
        return write(COLUMNS, rows);
    }

    private static List<String> row(Board.OfSection section, Board.OfTask each) {
        Task task = each.task();
        return List.of(
                section.id(),
                task.id(),
                task.title(),
                each.state().name(),
                task.owner(),
                task.backupOwner(),
                task.due().map(LocalDate::toString).orElse(""),
                task.ticket(),
                each.reason(),
                each.proofs().stream().map(Proof::name).collect(Collectors.joining("\n")),
                each.proofs().stream().map(Proof::sha256).collect(Collectors.joining("\n")));
    }

    /** A table with this head; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
    static String write(List<String> head, Stream<List<String>> rows) {
        var text = new StringBuilder();
        try (var printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            // Not as the format's header, which may not have one name twice; a ticket has several columns of labels.
            printer.printRecord(head);
            for (List<String> row : (Iterable<List<String>>) rows::iterator) {
                printer.printRecord(row.stream().map(CsvCell::of));
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        return text.toString();
    }
}
