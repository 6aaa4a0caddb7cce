package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill prune}. */
@Command(
        name = "prune",
        description = "Mark the backups that no rule keeps, and delete those marked a grace period ago.",
        footer = {
            "  firedrill prune --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --dry-run",
            "  firedrill prune                               # the rules are in firedrill.yaml",
            "  firedrill prune --backup 20261124T022457Z-8f7bf9ed",
            "  firedrill prune hold 20261124T022457Z-8f7bf9ed --reason 'case 7'",
            "The newest sealed, the last proven and held backups are never deleted. Run it daily: what is marked today",
            "is deleted by a later run."
        })
final class PruneCommand implements Callable<Integer>, Described {
    /** The exit codes of everything that writes into the store alone. */
    static final List<ExitCode> EXIT_CODES = List.of(
            ExitCode.OK,
            ExitCode.UNEXPECTED,
            ExitCode.USAGE,
            ExitCode.BACKUP_DAMAGED,
            ExitCode.LOCK_HELD,
            ExitCode.LOCK_LOST,
            ExitCode.REFUSED,
            ExitCode.UNAVAILABLE,
            ExitCode.ACCESS_DENIED,
            ExitCode.KEY,
            ExitCode.EVIDENCE_NOT_STORED,
            ExitCode.SIGINT,
            ExitCode.SIGTERM);

    private final Session session;

    @Option(
            names = "--backup",
            paramLabel = "ID",
            description =
                    "Delete this backup, whatever the rules say of it; may be repeated. All others are left alone.")
    private List<String> backups = List.of();

    @Option(names = "--dry-run", description = "Only show what would be marked and deleted, and why.")
    private boolean dryRun;

    PruneCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            PruneResult result = operations.prune(new PruneRequest(backups, dryRun));
            session.printer().prune(result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                List.of(
                        Setting.SOURCE_NAME,
                        Setting.KEEP_LAST,
                        Setting.KEEP_HOURLY,
                        Setting.KEEP_DAILY,
                        Setting.KEEP_WEEKLY,
                        Setting.KEEP_MONTHLY,
                        Setting.KEEP_OPLOG,
                        Setting.KEEP_WITHIN,
                        Setting.PRUNE_GRACE,
                        Setting.PRUNE_LEFTOVERS),
                OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EXIT_CODES;
    }
}
