package io.firedrill.runner;

import io.firedrill.manifests.Examination;
import io.firedrill.manifests.ManifestFinding;
import java.util.List;
import java.util.Map;

/**
 * What the doctor says of a set of manifests.
 *
 * @param outcome {@code CLEAN} or {@code FAULTY}
 * @param faults how many findings nobody has waived
 * @param unmodelled of how many resources, by kind, the fields were not held against a model
 */
record ManifestsResult(
        String outcome, int resources, long faults, long waived, Map<String, Integer> unmodelled, List<Line> findings) {
    /**
     * One finding.
     *
     * @param document in which document of the file, from 1
     * @param line in which line of the file, from 1
     * @param waived the reason for which it may stand, or nothing
     */
    record Line(
            String rule,
            String file,
            int document,
            int line,
            String object,
            String path,
            String detail,
            String why,
            String hint,
            String link,
            String waived) {}

    static ManifestsResult of(Examination examination) {
        int faults = examination.faults().size();
        return new ManifestsResult(
                faults == 0 ? "CLEAN" : "FAULTY",
                examination.resources(),
                faults,
                examination.findings().size() - faults,
                examination.unmodelled(),
                examination.findings().stream().map(ManifestsResult::line).toList());
    }

    private static Line line(ManifestFinding finding) {
        return new Line(
                finding.rule().id(),
                finding.file(),
                finding.document(),
                finding.line(),
                finding.object(),
                finding.path(),
                finding.detail(),
                finding.rule().why(),
                finding.rule().hint(),
                finding.rule().link(),
                finding.waived());
    }
}
