package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill prune hold}. */
@Command(
        name = "hold",
        description = "Hold a backup: nothing deletes it until it is released.",
        footer = "  firedrill prune hold 20261124T022457Z-8f7bf9ed --reason 'case 7'")
final class HoldCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "BACKUP", description = "The backup's id.")
    private String backup = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why it must stay; written into the store and the record.")
    private String reason = "";

    HoldCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().hold(operations.hold(new HoldRequest(backup, reason, true)));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, List.of(Setting.SOURCE_NAME), OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return PruneCommand.EXIT_CODES;
    }
}
