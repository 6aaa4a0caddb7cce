package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence reconcile}. */
@Command(
        name = "reconcile",
        description =
                "Put on record what left no record: runs that were due and did not start, and runs whose process died.",
        footer = {
            "  firedrill evidence reconcile --schedule 'backup 0 2 * * *; restore-drill 0 4 * * 1'",
            "  firedrill evidence reconcile --dry-run",
            "  firedrill evidence reconcile                  # daily; the schedule is in firedrill.yaml",
            "The schedule counts from the first time that this command sees it. A change hides nothing that was missed before."
        })
final class EvidenceReconcileCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--dry-run", description = "Only show what would be recorded.")
    private boolean dryRun;

    EvidenceReconcileCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().reconcile(dryRun));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                EvidenceCommand.WRITING,
                List.of(
                        Setting.SCHEDULE,
                        Setting.SCHEDULE_GRACE,
                        Setting.SOURCE_NAME,
                        Setting.LEASE,
                        Setting.MODE,
                        Setting.SEAL_INTERVAL),
                Setting.NOTIFICATIONS));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(
                        EvidenceCommand.EXIT_CODES_WRITING.stream().filter(code -> code != ExitCode.REFUSED),
                        Stream.of(ExitCode.LOCK_HELD, ExitCode.LOCK_LOST))
                .toList();
    }
}
