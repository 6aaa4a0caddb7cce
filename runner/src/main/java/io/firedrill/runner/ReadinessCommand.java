package io.firedrill.runner;

import io.firedrill.readiness.Board;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill readiness}. */
@Command(
        name = "readiness",
        description = "Show how the tasks of a readiness file stand, by the evidence that is found for each.",
        footer = {
            "  firedrill readiness init                       # writes readiness.yaml, to be filled in",
            "  firedrill readiness                            # every task, and what is missing",
            "  firedrill readiness --section migrations --output markdown",
            "  firedrill readiness sign-off migrations --as grace --role 'release manager' --key grace.pem",
            "  firedrill readiness publish --out update.md    # what changed, blockers, risks",
            "Records count only if their signatures verify and the ledger is whole. What each state means:",
            "docs/READINESS.md."
        })
final class ReadinessCommand implements Callable<Integer>, Described {
    /** The settings of commands that only look. */
    static final List<Setting> READING =
            Described.of(List.of(EvidenceCommand.READING, List.of(Setting.EVIDENCE_ROOTS, Setting.WITNESS_STORE)));

    /** The settings of commands that sign something. */
    static final List<Setting> WRITING =
            Described.of(List.of(EvidenceCommand.WRITING, List.of(Setting.EVIDENCE_ROOTS)));

    private final Session session;

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Option(names = "--section", paramLabel = "ID", description = "Only this section; the exit code is of it alone.")
    private String section = "";

    ReadinessCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            ReadinessDesk desk = operations.readiness();
            Board all = desk.board(options.subject(session));
            Board board = section.isEmpty() ? all : desk.section(all, section);
            session.print(board);
            Judgement.of(board);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<OutputFormat> formats() {
        return List.of(OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.MARKDOWN);
    }

    @Override
    public List<Setting> settings() {
        return READING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(StatusCommand.EXIT_CODES.stream(), Stream.of(ExitCode.NOT_READY))
                .toList();
    }
}
