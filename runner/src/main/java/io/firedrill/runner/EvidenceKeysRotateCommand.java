package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence keys rotate}. */
@Command(
        name = "rotate",
        description = "Sign the ledger with another key from here on; the present key signs the change.",
        footer = {
            "  firedrill evidence keys rotate --to new/evidence-private.pem",
            "Do it while nothing runs: a run that began with the old key cannot leave its record."
        })
final class EvidenceKeysRotateCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The new private key.")
    private Path to = Path.of("");

    EvidenceKeysRotateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().rotate(session.resolve(to)));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
