package io.firedrill.runner;

import io.firedrill.readiness.Board;
import io.firedrill.readiness.BoardPage;
import io.firedrill.readiness.BoardTable;
import io.firedrill.readiness.Tickets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code firedrill readiness export}. */
@Command(
        name = "export",
        description = "Write the tasks as a document, a table, or as tickets for a tracker's import.",
        footer = {
            "  firedrill readiness export --format html --out readiness.html",
            "  firedrill readiness export --format csv > readiness.csv",
            "  firedrill readiness export --format jira --out tickets.csv",
            "In Jira, choose the date format yyyy-MM-dd. jira, linear and tickets hold the tasks that are not done",
            "and have no ticket yet."
        })
final class ReadinessExportCommand implements Callable<Integer>, Described {
    private final Session session;

    /** How it is written. */
    enum Format {
        MARKDOWN,
        CSV,
        HTML,
        JIRA,
        LINEAR,
        TICKETS;

        private String write(Board board) {
            return switch (this) {
                case MARKDOWN -> ReadinessMarkdown.of(board);
                case CSV -> BoardTable.of(board);
                case HTML -> BoardPage.of(board);
                case JIRA -> Tickets.jira(board);
                case LINEAR -> Tickets.linear(board);
                case TICKETS -> JsonMapper.shared().writeValueAsString(Tickets.of(board)) + "\n";
            };
        }
    }

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "markdown, csv, html, jira (CSV), linear (CSV) or tickets (JSON).")
    private Format format = Format.MARKDOWN;

    @Option(names = "--out", paramLabel = "FILE", description = "A new file. Default: stdout.")
    private @Nullable Path out;

    ReadinessExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        byte[] bytes;
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            Board board = operations.readiness().board(options.subject(session));
            bytes = format.write(board).getBytes(StandardCharsets.UTF_8);
        }
        if (out == null) {
            session.write(bytes);
        } else {
            WrittenFile.create(session.resolve(out), bytes);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return ReadinessCommand.READING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return StatusCommand.EXIT_CODES;
    }
}
