package io.firedrill.runner;

import io.firedrill.evidence.GateResult;
import io.firedrill.gate.GateDemand;
import io.firedrill.gate.GateReport;
import java.time.Instant;
import java.util.List;

/**
 * What a gate of a build came to, by reports that were read.
 *
 * @param failed why it was not passed, where there are no reports; empty if there are
 * @param commit that was built, and {@code link} to the build; empty if nobody said
 */
record GateImport(String gate, List<GateReport> reports, String failed, GateDemand demand, String commit, String link) {
    List<String> reasons() {
        return reports.isEmpty() ? List.of(failed) : demand.refuses(reports);
    }

    /** Ages from when its oldest report was written: a report that lay about is as old as it is. */
    GateResult result(String operator, Instant now) {
        Instant oldest = reports.stream()
                .map(GateReport::writtenAt)
                .min(Instant::compareTo)
                .orElse(now);
        return new GateResult(
                gate,
                reasons(),
                reports.isEmpty() ? List.of() : demand.words(),
                reports.stream().map(GateImport::recorded).toList(),
                oldest.isAfter(now) ? now : oldest,
                commit,
                link,
                operator);
    }

    private static GateResult.Report recorded(GateReport report) {
        return new GateResult.Report(
                report.name(),
                report.format().word(),
                report.sha256(),
                report.bytes(),
                report.figures().counts());
    }

    EvidenceResult.GateImported dry() {
        return shown(true, "", "");
    }

    EvidenceResult.GateImported imported(EvidenceResult.Added added) {
        return shown(false, added.record(), added.keyId());
    }

    private EvidenceResult.GateImported shown(boolean dryRun, String record, String keyId) {
        return new EvidenceResult.GateImported(
                gate,
                reasons().isEmpty() ? "PASSED" : "FAILED",
                reasons(),
                reports.isEmpty() ? List.of() : demand.words(),
                reports.stream()
                        .map(report -> new EvidenceResult.GateReportRead(
                                report.name(),
                                report.format().word(),
                                report.sha256(),
                                report.figures().words(),
                                report.figures().counts()))
                        .toList(),
                dryRun,
                record,
                keyId);
    }
}
