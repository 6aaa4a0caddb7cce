package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence keys create}. */
@Command(
        name = "create",
        description = "Make a key pair to sign evidence with, as two files that are not there yet.",
        footer = {"  firedrill evidence keys create --out /secure/evidence"})
final class EvidenceKeysCreateCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files are to be.")
    private Path directory = Path.of("");

    EvidenceKeysCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EvidenceKeys.Created created = EvidenceKeys.create(session.resolve(directory));
        session.printer().evidence(new EvidenceResult.KeyWritten(created.files(), created.keyId()));
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
