package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill backup}. */
@Command(
        name = "backup",
        description = "Back the source up: one full, deduplicated backup, sealed only when it is whole.",
        footer = {
            "  firedrill backup --store s3://backups/prod    # FIREDRILL_SOURCE_URI is in the environment",
            "  firedrill backup --dry-run                    # what would be dumped, nothing is written",
            "  firedrill backup --read-from primary --read-limit 50MB/s",
            "  firedrill backup --output json > backup.json",
            "  firedrill backup --new-source 6929b5d0c3a1f04be2d7a911   # the source was set up anew, with this replica set id",
            "An interrupted backup goes on where it stopped when it is started again."
        })
final class BackupCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--dry-run", description = "Only show what would be backed up.")
    private boolean dryRun;

    @Option(
            names = "--skip-again",
            paramLabel = "REASON",
            description =
                    "Leave unchanged segments unread again, after one was found changed that should not have been.")
    private String skipAgain = "";

    @Mixin
    private final NewSourceOption newSource = new NewSourceOption();

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new BackupRequest(dryRun, skipAgain, newSource.id(dryRun));
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.SOURCE_URI), Optional.empty())) {
            BackupResult result = operations.backup(request);
            session.printer().backup(request, result);
            return (result.unread().refuted() ? ExitCode.VERIFICATION_MISMATCH : ExitCode.OK).code();
        }
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
                        Setting.WRITE_LATENCY_MAX,
                        Setting.REREAD_SHARE,
                        Setting.RPO_TARGET),
                OF_WORKERS,
                OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.VERIFICATION_MISMATCH,
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
