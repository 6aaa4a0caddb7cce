package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code firedrill backups}. */
@Command(
        name = "backups",
        description = "List the backups in the store, the newest first: proven, sealed or unfinished.",
        footer = {"  firedrill backups", "  firedrill backups --output json | jq -r '.backups[0].backupId'"})
final class BackupsCommand implements Callable<Integer>, Described {
    private final Session session;

    BackupsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().backups(operations.backups());
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, List.of(Setting.SOURCE_NAME)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return StatusCommand.EXIT_CODES;
    }
}
