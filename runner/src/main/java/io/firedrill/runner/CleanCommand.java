package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill staging clean}. */
@Command(
        name = "clean",
        description = "Drop from staging what a marker says Firedrill restored there, and nothing else.",
        footer = {
            "  firedrill staging clean --dry-run             # which databases would be dropped",
            "  firedrill staging clean --confirm staging"
        })
final class CleanCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--confirm",
            paramLabel = "SET",
            description = "Name of the staging replica set, as proof that you mean it. On a terminal it is asked for.")
    private @Nullable String confirm;

    @Option(names = "--dry-run", description = "Only show what would be dropped.")
    private boolean dryRun;

    CleanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new CleanRequest(Optional.ofNullable(confirm), dryRun);
        try (Operations operations =
                session.open(List.of(Setting.STORE, Setting.STAGING_URI), Optional.ofNullable(confirm))) {
            session.printer().clean(operations.cleanStaging(request));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, OF_STAGING, OF_SOURCE, OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.LOCK_HELD,
                ExitCode.LOCK_LOST,
                ExitCode.REFUSED,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
