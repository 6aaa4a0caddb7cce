package io.firedrill.runner;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill restore}. */
@Command(
        name = "restore",
        description = "Restore a backup into the staging replica set against the clock, and prove it equal.",
        footer = {
            "  firedrill restore --confirm staging                      # the latest backup",
            "  firedrill restore --backup 20261122T031500Z-7f3a --confirm staging",
            "  firedrill restore --at 2026-11-22T10:00:00Z --confirm staging         # the moment before it went wrong",
            "  firedrill restore --at before-last-drop --confirm staging",
            "  firedrill restore --dry-run                              # what would be restored, and how much",
            "  firedrill restore --include shop.orders,'audit.*' --confirm staging   # these alone",
            "  firedrill restore --include shop --exclude 'shop.tmp*' --rename shop=shop_copy --confirm staging",
            "An interrupted restore goes on where it stopped when it is started again, with the same selection.",
            "A restore of a part proves that part, never the whole backup."
        })
final class RestoreCommand implements Callable<Integer>, Described {
    static final List<ExitCode> EXIT_CODES = List.of(
            ExitCode.OK,
            ExitCode.UNEXPECTED,
            ExitCode.USAGE,
            ExitCode.OBJECTIVE_MISSED,
            ExitCode.VERIFICATION_MISMATCH,
            ExitCode.BACKUP_DAMAGED,
            ExitCode.TARGET_UNREACHABLE,
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

    @Mixin
    private final TargetOptions target = new TargetOptions();

    @Option(names = "--dry-run", description = "Only show what would be restored, and where.")
    private boolean dryRun;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.requireBehindCommand(Setting.EXCLUDE);
        var request = new RestoreRequest(
                target.backup(), target.at(), target.confirm(), target.withUsers(), dryRun, true, target.selection());
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.STAGING_URI), target.confirm())) {
            RestoreResult result = operations.restore(request);
            session.printer().restore(request, result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                OF_STAGING,
                OF_SOURCE,
                List.of(Setting.PRIVATE_KEYS, Setting.RTO_TARGET, Setting.RPO_TARGET),
                OF_WORKERS,
                OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EXIT_CODES;
    }
}
