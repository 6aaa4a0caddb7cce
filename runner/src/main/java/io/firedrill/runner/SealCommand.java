package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill seal}. */
@Command(
        name = "seal",
        description =
                "Store the digests of what the source holds at one cluster time, to prove later that it came back.",
        footer = {
            "  firedrill seal --store s3://backups/prod      # FIREDRILL_SOURCE_URI is in the environment",
            "  firedrill seal --dry-run                      # how much would be read; nothing is written",
            "  firedrill seal --read-limit 50MB/s --read-from secondary",
            "  firedrill seal --output json | jq .sealedAt",
            "It reads all documents and stores none of them. All of it has to be read within the source's history window",
            "(minSnapshotHistoryWindowInSeconds); else there is no seal, and no harm is done."
        })
final class SealCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--dry-run", description = "Only show what would be sealed.")
    private boolean dryRun;

    @Mixin
    private final NewSourceOption newSource = new NewSourceOption();

    SealCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new SealRequest(dryRun, newSource.id(dryRun));
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.SOURCE_URI), Optional.empty())) {
            session.printer().seal(operations.seal(request));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                OF_SOURCE,
                List.of(
                        Setting.RECIPIENTS,
                        Setting.EXCLUDE,
                        Setting.READ_FROM,
                        Setting.READ_LIMIT,
                        Setting.WRITE_LATENCY_MAX),
                OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.BACKUP_DAMAGED,
                ExitCode.LOCK_HELD,
                ExitCode.LOCK_LOST,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.KEY,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
