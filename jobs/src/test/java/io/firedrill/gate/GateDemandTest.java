package io.firedrill.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What gates let through. */
class GateDemandTest {
    private static final GateDemand NOTHING = demand(OptionalDouble.empty(), GateDemand.Let.NOTES);

    private static GateDemand demand(OptionalDouble lines, GateDemand.Let let) {
        return new GateDemand(lines, OptionalDouble.empty(), OptionalLong.empty(), let);
    }

    private static GateReport report(GateFormat format, GateFigures figures) {
        return new GateReport("r", format, "ab".repeat(32), 1, Instant.EPOCH, figures);
    }

    private static List<String> tests(GateDemand demand, long run, long failed, long skipped) {
        return demand.refuses(List.of(report(GateFormat.JUNIT, new GateFigures.Tests(run, failed, skipped))));
    }

    private static List<String> findings(GateDemand.Let let, long unfinished, long errors, long warnings, long notes) {
        return demand(OptionalDouble.empty(), let)
                .refuses(List.of(
                        report(GateFormat.SARIF, new GateFigures.Findings(1, unfinished, errors, warnings, notes, 5))));
    }

    private static GateReport coverage(long lines, long all, long branches, long allBranches) {
        return report(
                GateFormat.JACOCO,
                new GateFigures.Coverage(
                        new GateFigures.Share(lines, all), new GateFigures.Share(branches, allBranches)));
    }

    @Test
    void testsPassIfOneIsRunAndNoneFails() {
        assertThat(tests(NOTHING, 1, 0, 99)).isEmpty();
        assertThat(tests(NOTHING, 5, 1, 0)).containsExactly("r: 1 tests failed");
        assertThat(tests(NOTHING, 0, 0, 0)).containsExactly("no test was run");
        assertThat(tests(NOTHING, 0, 0, 7)).containsExactly("no test was run");
    }

    @Test
    void testsAreJudgedTogetherSinceThereIsAReportForEachClass() {
        GateReport skipped = report(GateFormat.JUNIT, new GateFigures.Tests(0, 0, 2));
        assertThat(NOTHING.refuses(List.of(skipped, report(GateFormat.JUNIT, new GateFigures.Tests(1, 0, 0)))))
                .isEmpty();
        assertThat(NOTHING.refuses(List.of(skipped, skipped, coverage(1, 1, 1, 1))))
                .containsExactly("no test was run");
    }

    @Test
    void skippedTestsAreLetThroughUpToTheLimit() {
        var demand = new GateDemand(
                OptionalDouble.empty(), OptionalDouble.empty(), OptionalLong.of(2), GateDemand.Let.NOTES);
        assertThat(tests(demand, 1, 0, 2)).isEmpty();
        assertThat(tests(demand, 1, 0, 3)).containsExactly("3 tests were skipped, and 2 may be");
    }

    @Test
    void coverageIsComparedWithoutRoundingInEveryReportByItself() {
        var demand = new GateDemand(
                OptionalDouble.of(80), OptionalDouble.of(75.5), OptionalLong.empty(), GateDemand.Let.NOTES);
        assertThat(demand.refuses(List.of(coverage(80, 100, 151, 200)))).isEmpty();
        assertThat(demand.refuses(List.of(coverage(100, 100, 2, 2), coverage(7999, 10_000, 0, 0))))
                .containsExactly("r: line coverage is 79.9 %, and 80 % is asked for", "r: no branch was measured");
        assertThat(demand.refuses(List.of(coverage(0, 0, 7549, 10_000))))
                .containsExactly("r: no line was measured", "r: branch coverage is 75.4 %, and 75.5 % is asked for");
        assertThatIllegalArgumentException().isThrownBy(() -> new GateFigures.Share(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new GateFigures.Share(-1, 1));
    }

    @Test
    void findingsAreLetThroughUpToALevelAndErrorsNever() {
        assertThat(findings(GateDemand.Let.NOTES, 0, 0, 0, 3)).isEmpty();
        assertThat(findings(GateDemand.Let.NOTHING, 0, 0, 0, 3)).hasSize(1);
        assertThat(findings(GateDemand.Let.NOTES, 0, 0, 1, 0)).hasSize(1);
        assertThat(findings(GateDemand.Let.WARNINGS, 0, 0, 1, 3)).isEmpty();
        assertThat(findings(GateDemand.Let.WARNINGS, 0, 1, 0, 0))
                .containsExactly("r: 1 findings are not let through (1 errors, 0 warnings, 0 notes, 5 suppressed)");
        assertThat(findings(GateDemand.Let.WARNINGS, 1, 0, 0, 0))
                .containsExactly("r: 1 runs of the analysis did not come to their end");
        assertThat(NOTHING.refuses(List.of(report(GateFormat.SARIF, new GateFigures.Findings(0, 0, 0, 0, 0, 0)))))
                .containsExactly("r: nothing was analysed");
    }

    @Test
    void aDemandThatNothingCanFailIsNone() {
        assertThat(NOTHING.mismatch(List.of(coverage(1, 1, 1, 1))))
                .contains("there are reports of coverage, and nothing says how much of it is enough");
        GateReport tested = report(GateFormat.JUNIT, new GateFigures.Tests(1, 0, 0));
        var covered = demand(OptionalDouble.of(80), GateDemand.Let.NOTES);
        assertThat(covered.mismatch(List.of(tested))).contains("coverage is asked for, and no report has any");
        assertThat(covered.mismatch(List.of(tested, coverage(1, 1, 1, 1)))).isEmpty();
        var skipping =
                new GateDemand(OptionalDouble.of(80), OptionalDouble.empty(), OptionalLong.of(0), GateDemand.Let.NOTES);
        assertThat(skipping.mismatch(List.of(coverage(1, 1, 1, 1))))
                .contains("there is a limit for skipped tests, and no report of tests");
        assertThat(NOTHING.mismatch(List.of(tested))).isEmpty();
    }

    @Test
    void aDemandIsRecordedInWords() {
        assertThat(NOTHING.words()).containsExactly("findings let through: notes");
        assertThat(new GateDemand(
                                OptionalDouble.of(80),
                                OptionalDouble.of(70),
                                OptionalLong.of(0),
                                GateDemand.Let.NOTHING)
                        .words())
                .containsExactly("lines: 80.0", "branches: 70.0", "skipped: 0", "findings let through: nothing");
    }
}
