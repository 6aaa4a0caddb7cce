package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code firedrill status}. */
@Command(
        name = "status",
        description = "How things stand: last backup, last proof, last drill, and what to do next.",
        footer = {
            "  firedrill status --store s3://backups/prod",
            "  firedrill status --output json | jq .lastProven.ageSeconds",
            "It reads the store alone, so it works when the cluster is gone."
        })
final class StatusCommand implements Callable<Integer>, Described {
    static final List<ExitCode> EXIT_CODES = List.of(
            ExitCode.OK,
            ExitCode.UNEXPECTED,
            ExitCode.USAGE,
            ExitCode.UNAVAILABLE,
            ExitCode.ACCESS_DENIED,
            ExitCode.KEY);

    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().status(operations.status());
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                List.of(
                        Setting.SOURCE_NAME,
                        Setting.LEDGER,
                        Setting.RTO_TARGET,
                        Setting.RPO_TARGET,
                        Setting.ARCHIVE_OUTAGE_BUDGET,
                        Setting.SEAL_INTERVAL)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EXIT_CODES;
    }
}
