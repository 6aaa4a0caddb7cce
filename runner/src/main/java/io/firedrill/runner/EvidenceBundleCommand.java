package io.firedrill.runner;

import io.firedrill.evidence.Period;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence bundle}. */
@Command(
        name = "bundle",
        description = "Write records, checkpoints, keys and reports into one file that is verified without Firedrill.",
        footer = {
            "  firedrill evidence bundle --period 2026-Q4 --out q4.zip",
            "  firedrill evidence bundle --out everything.zip"
        })
final class EvidenceBundleCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description = "From the first record of this year, quarter, month or day to the last: 2026-Q4, 2026-11.")
    private Period period = Period.ALWAYS;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The zip file, which may not be there.")
    private Path file = Path.of("");

    EvidenceBundleCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().bundle(period, session.resolve(file)));
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
