package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.oplog.RecoveryTarget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill oplog compact}. */
@Command(
        name = "compact",
        description = "Make a newer backup out of an older one and the archived oplog, without asking the source.",
        footer = {
            "  firedrill oplog compact                               # up to the end of the archive",
            "  firedrill oplog compact --dry-run                     # what it would load and replay; nothing is written",
            "  firedrill oplog compact --to 2026-11-22T00:00:00Z     # the last entry of that second or before",
            "  firedrill oplog compact --to 1795600000,1 --output json | jq .backupId",
            "It restores the best base to that moment in a mongod of its own (mongod, staging-dir), proves it, and stores it as a",
            "sealed backup of the source. Restores to later moments begin with it, and prune may let go of what came before."
        })
final class OplogCompactCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--to",
            paramLabel = "latest|TIME|T,I",
            description =
                    "The moment that the new backup shows: latest, 2026-11-22T10:00:00Z, T,I or before:T,I. Default: latest.")
    private String to = RecoveryTarget.LATEST;

    @Option(names = "--dry-run", description = "Only show what would be loaded and replayed.")
    private boolean dryRun;

    OplogCompactCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new CompactRequest(moment(), dryRun);
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().compact(operations.compact(request));
        }
        return ExitCode.OK.code();
    }

    /** A drill may try its luck; what is kept for later is chosen. */
    private RecoveryTarget moment() {
        RecoveryTarget asked = RecoveryTarget.parse(to);
        return switch (asked) {
            case RecoveryTarget.Latest _, RecoveryTarget.EndOfSecond _, RecoveryTarget.At _, RecoveryTarget.Before _ ->
                asked;
            case RecoveryTarget.AnyMoment _, RecoveryTarget.BeforeLastDrop _ ->
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "--to is '%s', and a backup is made of a moment that somebody has chosen".formatted(to),
                        "Give latest, a time with its zone, or a cluster time T,I as 'firedrill oplog show' prints it.");
        };
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                List.of(Setting.SOURCE_NAME, Setting.RECIPIENTS, Setting.PRIVATE_KEYS),
                OF_EPHEMERAL,
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
                ExitCode.TARGET_UNREACHABLE,
                ExitCode.LOCK_HELD,
                ExitCode.LOCK_LOST,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.STAGING_LEFT_BEHIND,
                ExitCode.KEY,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
