package io.firedrill.runner;

import io.firedrill.evidence.Period;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill report}. */
@Command(
        name = "report",
        description = "Write a report of a period, or of one run, from records that were verified.",
        footer = {
            "  firedrill report --period 2026-Q4                    # into firedrill-report-2026-Q4/",
            "  firedrill report --period 2026-11-01/2026-11-15 --format html,pdf --out /tmp/november",
            "  firedrill report --period 2026 --dry-run --output json | jq .verdict",
            "  firedrill report --record 17                         # one run, as HTML and PDF",
            "A ledger with a fault gives no report: see 'firedrill evidence verify'. docs/REPORTS.md tells what is in one."
        })
final class ReportCommand implements Callable<Integer>, Described {
    private static final Set<ReportRequest.Format> OF_A_RUN =
            EnumSet.of(ReportRequest.Format.HTML, ReportRequest.Format.PDF);

    private final Session session;

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description =
                    "A year, quarter, month or day in UTC, or from one to another: 2026-Q4, 2026-11-01/2026-11-15.")
    private @Nullable Period period;

    @Option(
            names = "--record",
            paramLabel = "RECORD",
            description = "Instead of a period one run: the number or id of its record.")
    private @Nullable String record;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the files go, none of which may be there. Default: firedrill-report-PERIOD.")
    private @Nullable Path directory;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            split = ",",
            description = "Any of html, pdf, csv and json, with commas between. Default: all there are.")
    private Set<ReportRequest.Format> formats = EnumSet.noneOf(ReportRequest.Format.class);

    @Option(
            names = "--sign-off-days",
            paramLabel = "DAYS",
            defaultValue = "14",
            description = "A run that nobody has approved or rejected for longer is overdue. Default: 14.")
    private int signOffDays;

    @Option(names = "--dry-run", description = "Verify, and say what would be written.")
    private boolean dryRun;

    ReportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ReportRequest request = request();
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.reports().write(request));
        }
        return ExitCode.OK.code();
    }

    private ReportRequest request() {
        if ((period == null) == (record == null)) {
            throw invalid(
                    period == null
                            ? "neither a period nor a record was given"
                            : "both a period and a record were given",
                    "Say of what the report is: --period 2026-Q4, or --record 17.");
        }
        if (signOffDays < 0) {
            throw invalid("--sign-off-days is %d".formatted(signOffDays), "Give 0 or more.");
        }
        if (record != null && !OF_A_RUN.containsAll(formats)) {
            throw invalid(
                    "a report of one run is written as html and pdf only",
                    "Leave the others out; 'firedrill evidence show' prints the record as JSON.");
        }
        Set<ReportRequest.Format> all = record == null ? EnumSet.allOf(ReportRequest.Format.class) : OF_A_RUN;
        return new ReportRequest(
                period,
                record,
                session.resolve(directory == null ? directoryOf(period, record) : directory),
                formats.isEmpty() ? all : formats,
                signOffDays,
                dryRun);
    }

    /** A slash stands between the two ends of a period; a record's id has letters, digits and dashes. */
    private static Path directoryOf(@Nullable Period period, @Nullable String record) {
        String of = period == null ? "run-" + record : period.name();
        return Path.of("firedrill-report-" + of.replaceAll("[^A-Za-z0-9-]", "_"));
    }

    private static Failure invalid(String message, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(EvidenceCommand.READING, List.of(Setting.EVIDENCE_ROOTS, Setting.WITNESS_STORE)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES;
    }
}
