package io.firedrill.runner;

import io.firedrill.doctor.Finding;
import io.firedrill.doctor.Finding.State;
import java.util.List;

/**
 * What the doctor says.
 *
 * @param outcome the worst state of a check that was made: {@code OK}, {@code WARN} or {@code FAIL}
 */
record DoctorResult(String outcome, long ok, long warned, long failed, long skipped, List<Line> checks) {
    /**
     * One check.
     *
     * @param check its name, and the end of the heading that {@code link} leads to
     * @param hint what to do; empty where nothing is to be done
     */
    record Line(String check, String subject, String state, String seen, String hint, String link) {}

    static DoctorResult of(List<Finding> findings) {
        long failed = count(findings, State.FAIL);
        long warned = count(findings, State.WARN);
        State outcome = failed > 0 ? State.FAIL : warned > 0 ? State.WARN : State.OK;
        return new DoctorResult(
                outcome.name(),
                count(findings, State.OK),
                warned,
                failed,
                count(findings, State.SKIPPED),
                findings.stream().map(DoctorResult::line).toList());
    }

    private static long count(List<Finding> findings, State state) {
        return findings.stream().filter(each -> each.state() == state).count();
    }

    private static Line line(Finding finding) {
        return new Line(
                finding.check().id(),
                finding.subject(),
                finding.state().name(),
                finding.seen(),
                finding.hint(),
                finding.check().link());
    }
}
