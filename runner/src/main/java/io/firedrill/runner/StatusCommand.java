package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill status}. */
@Command(
        name = "status",
        description =
                "How things stand: whether all is well, what can be recovered, what was proven, what was missed, what to do next.",
        footer = {
            "  firedrill status --store s3://backups/prod",
            "  firedrill status --check                       # for monitoring: 0, 70 or 71",
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

    static final List<Setting> SETTINGS = Described.of(List.of(
            OF_STORE,
            List.of(
                    Setting.SOURCE_NAME,
                    Setting.LEDGER,
                    Setting.EVIDENCE_ROOTS,
                    Setting.STATE_DIR,
                    Setting.SCHEDULE,
                    Setting.SCHEDULE_GRACE,
                    Setting.RTO_TARGET,
                    Setting.RPO_TARGET,
                    Setting.ARCHIVE_OUTAGE_BUDGET,
                    Setting.SEAL_INTERVAL)));

    private final Session session;

    @Option(
            names = "--check",
            description =
                    "For monitoring: end with 70 where something needs a look, and with 71 where the data is not protected.")
    private boolean check;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            StatusResult status = operations.status();
            session.printer().status(status);
            if (check) {
                Judgement.of(status);
            }
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return SETTINGS;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(EXIT_CODES.stream(), Stream.of(ExitCode.STATUS_ATTENTION, ExitCode.STATUS_FAILING))
                .toList();
    }
}
