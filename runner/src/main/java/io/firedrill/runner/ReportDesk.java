package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.Slot;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.report.PeriodReport;
import io.firedrill.report.RunReport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes reports from the ledger of the store, which has to be sound. */
final class ReportDesk {
    private final Workspace workspace;
    private final EvidenceDesk evidence;

    ReportDesk(Workspace workspace, EvidenceDesk evidence) {
        this.workspace = workspace;
        this.evidence = evidence;
    }

    EvidenceResult.Reported write(ReportRequest request) {
        @Nullable Period period = request.period();
        return period == null ? ofRun(request) : ofPeriod(request, period);
    }

    private EvidenceResult.Reported ofPeriod(ReportRequest request, Period period) {
        Instant now = workspace.clocks().now();
        if (period.from().isAfter(now)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the period %s has not begun".formatted(period.name()),
                    "Choose one that has; now it is %s.".formatted(now));
        }
        EvidenceResult.Verified verified = verified(period);
        PeriodReport report = PeriodReport.of(
                workspace.ledger(),
                period,
                new PeriodReport.Verified(verified.size(), verified.root(), verified.trust(), unrecorded(verified)),
                now,
                request.signOffDays());
        SequencedMap<String, byte[]> files = files(request, format -> switch (format) {
            case HTML -> report.html().getBytes(UTF_8);
            case PDF -> report.pdf();
            case CSV -> report.csv().getBytes(UTF_8);
            case JSON -> (report.json().toPrettyString() + "\n").getBytes(UTF_8);
        });
        return written(request, period.name(), verified, report.verdict(), report.lead(), report.runs(), files);
    }

    private static List<Slot.Name> unrecorded(EvidenceResult.Verified verified) {
        return verified.missed().stream()
                .filter(each -> each.record().isEmpty())
                .map(each ->
                        new Slot.Name(each.source(), RunKind.named(each.kind()).orElseThrow(), each.due()))
                .toList();
    }

    private EvidenceResult.Reported ofRun(ReportRequest request) {
        EvidenceResult.Verified verified = verified(Period.ALWAYS);
        String which = String.valueOf(request.record());
        LedgerEntry entry = evidence.find(which);
        RunRecord run = entry.run()
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "record %s is no run: it says %s".formatted(which, entry.word()),
                        "Give the number of a run that 'firedrill evidence list' shows."));
        var report = new RunReport(run, workspace.ledger().checkpoint(entry.seq()));
        SequencedMap<String, byte[]> files = files(
                request,
                format -> format == ReportRequest.Format.PDF
                        ? report.pdf()
                        : report.html().getBytes(UTF_8));
        return written(request, "run-" + entry.seq(), verified, run.verdict(), report.lead(), 1, files);
    }

    /** Approvals may come long after a period, so they are looked at from its beginning to the end of the ledger. */
    private EvidenceResult.Verified verified(Period period) {
        var since = new Period(period.name(), period.from(), Instant.MAX);
        EvidenceResult.Verified verified = evidence.verify(since, List.of(), List.of(), false);
        Judgement.sound(verified);
        if (verified.size() == 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "ledger %s of %s holds no record"
                            .formatted(verified.ledger(), workspace.store().location()),
                    "Check store and ledger; every run leaves a record, so none has run against these yet.");
        }
        return verified;
    }

    private static SequencedMap<String, byte[]> files(
            ReportRequest request, Function<ReportRequest.Format, byte[]> bytes) {
        var files = new LinkedHashMap<String, byte[]>();
        for (ReportRequest.Format format : ReportRequest.Format.values()) {
            if (request.formats().contains(format)) {
                files.put(format.file(), bytes.apply(format));
            }
        }
        return files;
    }

    private EvidenceResult.Reported written(
            ReportRequest request,
            String of,
            EvidenceResult.Verified verified,
            String verdict,
            String lead,
            int runs,
            SequencedMap<String, byte[]> files) {
        if (!request.dryRun()) {
            NewFiles.write(request.directory(), files);
        }
        return new EvidenceResult.Reported(
                verdict,
                lead,
                of,
                verified.ledger(),
                verified.size(),
                verified.root(),
                runs,
                request.directory().toString(),
                files.entrySet().stream()
                        .map(file -> new EvidenceResult.ReportFile(
                                file.getKey(), file.getValue().length, sha256(file.getValue())))
                        .toList(),
                request.dryRun());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
