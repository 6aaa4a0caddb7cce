package io.firedrill.runner;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firedrill verify}. */
@Command(
        name = "verify",
        description = "Read what lies in the store again and compare it with the digests taken then.",
        footer = {
            "  firedrill verify                              # every object of the latest backup",
            "  firedrill verify --percent 10                 # a tenth of them, chosen anew each time",
            "Only a drill proves that a backup can be restored; this finds damage sooner and cheaper."
        })
final class VerifyCommand implements Callable<Integer>, Described {
    private static final int ALL = 100;

    private final Session session;

    @Option(names = "--backup", paramLabel = "ID", description = "Backup to verify: an id, or latest (the default).")
    private String backup = "latest";

    @Option(
            names = "--percent",
            paramLabel = "N",
            description = "Share of the objects to read, 1 to 100 (default: 100).")
    private int percent = ALL;

    @Spec
    private @Nullable CommandSpec spec;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (percent < 1 || percent > ALL) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--percent is '" + percent + "' but must be a whole number from 1 to 100");
        }
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            VerifyResult result = operations.verify(new VerifyRequest(backup, percent));
            session.printer().verify(result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, List.of(Setting.SOURCE_NAME), OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.BACKUP_DAMAGED,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.KEY,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
