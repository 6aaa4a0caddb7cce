package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code firedrill evidence keys list}. */
@Command(
        name = "list",
        description = "List the public keys of the ledger, and what each signs.",
        footer = {"  firedrill evidence keys list --output json"})
final class EvidenceKeysListCommand implements Callable<Integer>, Described {
    private final Session session;

    EvidenceKeysListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().keys());
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.READING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES;
    }
}
