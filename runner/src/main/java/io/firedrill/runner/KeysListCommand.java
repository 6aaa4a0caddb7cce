package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code firedrill keys list}. */
@Command(
        name = "list",
        description = "List the data keys of a source, and whose private keys open them.",
        footer = "  firedrill keys list --output json")
final class KeysListCommand implements Callable<Integer>, Described {
    private final Session session;

    KeysListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().keys(operations.keys(KeysRequest.LIST));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, List.of(Setting.SOURCE_NAME)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(StatusCommand.EXIT_CODES.stream(), Stream.of(ExitCode.BACKUP_DAMAGED))
                .toList();
    }
}
