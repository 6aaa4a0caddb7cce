package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill evidence keys pin}. */
@Command(
        name = "pin",
        description = "Write a public key of the ledger into a file, to trust it from now on.",
        footer = {"  firedrill evidence keys pin 9f2c… --out /etc/firedrill/evidence-public.pem"})
final class EvidenceKeysPinCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "KEYID", description = "The id that the holder of the key told you.")
    private String keyId = "";

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file, which may not be there.")
    private Path file = Path.of("");

    EvidenceKeysPinCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().pin(keyId, session.resolve(file)));
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
