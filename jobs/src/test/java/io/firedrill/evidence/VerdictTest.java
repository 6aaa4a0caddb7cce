package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
    private final Samples samples = new Samples();

    @Test
    void aDrillThatFoundEverythingEqualIsProven() {
        assertThat(word(RunKind.DRILL, List.of(passed()), 60, null)).isEqualTo("PROVEN");
        assertThat(word(RunKind.RESTORE, List.of(passed()), 60, null)).isEqualTo("PROVEN");
    }

    @Test
    void aBackupThatEndedIsSealedWithoutAnyCheck() {
        assertThat(word(RunKind.BACKUP, List.of(), 60, null)).isEqualTo("SEALED");
        assertThat(word(RunKind.STAGING_CLEAN, List.of(), 60, null)).isEqualTo("PASSED");
    }

    @Test
    void aPartIsProvenOrPassedInPartOnly() {
        RunLog verify = run(RunKind.VERIFY);
        verify.check(passed());
        assertThat(verify.finish(samples.writer, null, 0).verdict()).isEqualTo("PASSED");
        RunLog sample = run(RunKind.VERIFY);
        sample.check(passed());
        sample.scope(new Scope(true, Map.of()));
        assertThat(sample.finish(samples.writer, null, 0).verdict()).isEqualTo("PASSED IN PART");
    }

    @ParameterizedTest
    @EnumSource(names = {"RESTORE", "DRILL", "VERIFY", "COMPACT"})
    void whatCheckedNothingIsInconclusive(RunKind kind) {
        assertThat(word(kind, List.of(), 60, null)).isEqualTo("INCONCLUSIVE");
    }

    @ParameterizedTest
    @EnumSource
    void aSkippedCheckNeverLooksLikeAPassedOne(RunKind kind) {
        assertThat(word(kind, List.of(passed(), skipped()), 60, null)).isEqualTo("INCONCLUSIVE");
    }

    @ParameterizedTest
    @EnumSource
    void aFailedCheckFailsTheRun(RunKind kind) {
        assertThat(word(kind, List.of(passed(), failed(), skipped()), 60, null)).isEqualTo("FAILED");
    }

    @Test
    void aCopyThatNeverGotReadyIsNotProven() {
        RunLog run = run(RunKind.DRILL);
        run.check(passed());
        assertThat(run.outcome(null)).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void aCollectionNobodyComparedIsNotProvenButAViewHasNothingToCompare() {
        RunLog run = run(RunKind.DRILL);
        run.check(passed());
        run.ready();
        run.collection(new CollectionFact("a.view", "view", 0, 0, 0, 0, 0, "", Check.Result.SKIPPED));
        assertThat(run.outcome(null)).isEqualTo(Outcome.PASSED);
        run.collection(new CollectionFact("a.b", "collection", 1, 1, 1, 0, 0, "", Check.Result.SKIPPED));
        assertThat(run.outcome(null)).isEqualTo(Outcome.INCONCLUSIVE);
        run.collection(new CollectionFact("a.b", "collection", 1, 1, 1, 0, 0, "", Check.Result.FAILED));
        assertThat(run.outcome(null)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aMissedTargetIsAWarningOnGoodData() {
        assertThat(word(RunKind.DRILL, List.of(passed()), 901, null)).isEqualTo("PROVEN, RTO MISSED");
        assertThat(word(RunKind.DRILL, List.of(passed()), 900, null)).isEqualTo("PROVEN");
        assertThat(word(RunKind.DRILL, List.of(failed()), 901, null)).isEqualTo("FAILED");
        assertThat(word(RunKind.BACKUP, List.of(), 901, null)).isEqualTo("SEALED");
    }

    @Test
    void aPartIsProvenInPartHoweverWellItCameBack() {
        RunLog run = run(RunKind.DRILL);
        run.scope(new Scope(true, Map.of("shop.a", "copy.a")));
        run.exclude("shop.b", "left out");
        run.check(passed());
        run.ready();
        RunRecord record = run.finish(samples.writer, null, 0);

        assertThat(record.verdict()).isEqualTo("PROVEN IN PART");
        assertThat(record.isPartial()).isTrue();
        assertThat(record.json().at("/scope/renamed/0/to").asString()).isEqualTo("copy.a");
        assertThat(HtmlReport.render(record))
                .contains("PROVEN IN PART", "some was left out on purpose.", "Restored under another name", "copy.a");
        samples.time.pass(901);
        assertThat(run(RunKind.BACKUP).finish(samples.writer, null, 0).isPartial())
                .isFalse();
    }

    @Test
    void whatIsOnlyRenamedIsProvenAsAWhole() {
        RunLog run = run(RunKind.RESTORE);
        run.scope(new Scope(false, Map.of("shop.a", "copy.a")));
        run.check(passed());
        run.ready();
        RunRecord record = run.finish(samples.writer, null, 0);

        assertThat(record.verdict()).isEqualTo("PROVEN");
        assertThat(record.isPartial()).isFalse();
    }

    @Test
    void anOldRecoveryPointIsAWarningToo() {
        assertThat(record(RunKind.DRILL, Duration.ofHours(2), 1).verdict()).isEqualTo("PROVEN, RPO MISSED");
        RunRecord both = record(RunKind.DRILL, Duration.ofHours(2), 1_000);
        assertThat(both.verdict()).isEqualTo("PROVEN, RTO AND RPO MISSED");
        assertThat(both.rtoMet() || both.rpoMet()).isFalse();
        assertThat(HtmlReport.render(both)).contains("but it came 1m40s too late and is 1h00m00s too old.");
        RunRecord future = record(RunKind.DRILL, Duration.ofHours(-2), 1);
        assertThat(future.rpoSeconds()).hasValue(0);
        assertThat(future.rpoMet()).isTrue();
    }

    @Test
    void anAbortedRunIsAborted() {
        var abort = new Failure(FailureKind.ABORTED, "SIGTERM", "Start it again.");
        assertThat(word(RunKind.DRILL, List.of(failed()), 60, new IllegalStateException(abort)))
                .isEqualTo("ABORTED");
    }

    @Test
    void anyOtherThrowableFailsTheRun() {
        assertThat(word(RunKind.DRILL, List.of(passed()), 60, new AssertionError("bug")))
                .isEqualTo("FAILED");
        assertThat(word(RunKind.BACKUP, List.of(), 60, new Failure(FailureKind.STORE_FULL, "full", "Make room.")))
                .isEqualTo("FAILED");
    }

    @Test
    void aFailureThatOnlySaysTheObjectiveWasMissedDoesNotCondemnTheData() {
        var missed = new Failure(FailureKind.OBJECTIVE_MISSED, "late", "Look at the phases.");
        assertThat(word(RunKind.DRILL, List.of(passed()), 901, missed)).isEqualTo("PROVEN, RTO MISSED");
        assertThat(word(RunKind.DRILL, List.of(passed()), 60, missed)).isEqualTo("PROVEN, OBJECTIVE MISSED");
        assertThat(word(RunKind.DRILL, List.of(failed()), 901, missed)).isEqualTo("FAILED");
    }

    @Test
    void aCompactionIsSealedIfItMadeABackup() {
        assertThat(word(RunKind.COMPACT, List.of(passed()), 60, null)).isEqualTo("PASSED");
        assertThat(record(RunKind.COMPACT, Duration.ZERO, 60).verdict()).isEqualTo("SEALED");
    }

    @Test
    void everyKindHasAWordAndIsFoundByIt() {
        for (RunKind kind : RunKind.values()) {
            assertThat(RunKind.of(kind.word())).isEqualTo(kind);
        }
    }

    private RunLog run(RunKind kind) {
        return RunLog.begin(samples.store, samples.time.clocks(), Samples.start(kind, Samples.OBJECTIVES));
    }

    private RunRecord record(RunKind kind, Duration age, double seconds) {
        RunLog run = run(kind);
        run.backup(Samples.backup(samples.time.now().minus(age)));
        run.check(passed());
        samples.time.pass(seconds);
        run.ready();
        return run.finish(samples.writer, null, 0);
    }

    private String word(RunKind kind, List<Check> checks, double seconds, @Nullable Throwable failure) {
        RunLog run = run(kind);
        checks.forEach(run::check);
        samples.time.pass(seconds);
        run.ready();
        RunRecord record = run.finish(samples.writer, failure, 0);
        assertThat(HtmlReport.render(record)).contains(record.verdict());
        boolean met =
                kind.recovers() && Optional.of(seconds).filter(s -> s <= 900).isPresent();
        assertThat(record.rtoMet()).isEqualTo(met);
        return record.verdict();
    }

    private static Check passed() {
        return Samples.namespaces();
    }

    private static Check failed() {
        return Check.failed("content", "digest", "a", "b", 0, 1, "differs");
    }

    private static Check skipped() {
        return Check.skipped("indexes", "BSON", 3, "not reached");
    }
}
