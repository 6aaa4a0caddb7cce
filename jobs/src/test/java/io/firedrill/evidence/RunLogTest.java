package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunLogTest {
    private static final Instant START = Instant.parse("2026-11-14T10:00:00Z");

    private final Samples samples = new Samples();
    private final HeapStore store = samples.store;
    private final ManualTime time = samples.time;
    private final Ledger ledger = samples.ledger;
    private final LedgerWriter writer = samples.writer;
    private final RunStart start = Samples.start(RunKind.DRILL, Samples.OBJECTIVES);

    @Test
    void anOpenRunLiesInTheStoreAndAFinishedOneDoesNot() {
        RunLog run = begin();
        run.timeline().measure("load", true, () -> time.pass(1));
        String folder = "runs/" + start.runId() + "/";
        assertThat(store.keys("runs/")).containsExactly(folder + "1-phase-01", folder + "attempt-1", folder + "start");

        RunRecord record = run.finish(writer, null, 0);
        assertThat(store.objects)
                .containsOnlyKeys(
                        "evidence/shop-prod/000000000001.dsse.json",
                        "evidence/shop-prod/checkpoints/000000000001.dsse.json",
                        "evidence/shop-prod/keys/" + Samples.KEY.id() + ".pem",
                        "reports/shop-prod/000000000001.html");
        assertThat(record.key()).isEqualTo("evidence/shop-prod/000000000001.dsse.json");
        assertThat(record.reportKey()).isEqualTo("reports/shop-prod/000000000001.html");
    }

    @Test
    void theNextAttemptGoesOnWithWhatTheDeadOneKnew() {
        RunLog first = begin();
        first.source(Samples.source());
        first.target(Samples.target(), true);
        first.backup(Samples.backup(START.minusSeconds(60)));
        first.collection(Samples.collection(1, "shop.orders", 10, Check.Result.PASSED));
        first.check(Check.failed("content", "digest", "a", "b", 0, 1, "first try"));
        first.check(Check.passed("namespaces", "names", "6", "6", 6, 6));
        first.exclude("config.*", "belongs to the deployment");
        first.notTested("users");
        first.note("name", "value");
        first.timeline().measure("load", true, () -> time.pass(10));
        first.note("lost", "noted after the last phase");
        time.pass(100);
        time.newProcess();

        RunLog second = begin();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.startedAt()).isEqualTo(START);
        second.target(Samples.target(), false);
        second.check(Check.passed("content", "digest", "a", "a", 1, 1));
        second.timeline().measure("verify", true, () -> time.pass(5));
        second.ready();
        assertThat(second.phases()).extracting(Phase::attempt).containsExactly(1, 2);

        RunRecord record = second.finish(writer, null, 0);
        assertThat(record.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(record.rtoSeconds()).hasValue(115.0);
        assertThat(record.checks()).isEqualTo(2);
        assertThat(record.json().at("/environment/target/emptyBefore").asBoolean())
                .isTrue();
        assertThat(record.json().at("/environment/segregation/differentHosts").asBoolean())
                .isTrue();
        assertThat(record.json().at("/measurement/rto/betweenAttemptsSeconds").asDouble())
                .isEqualTo(100);
        assertThat(record.json().at("/measurement/restarts").asInt()).isEqualTo(1);
        assertThat(record.json().at("/notes").propertyNames()).containsExactly("name");
    }

    @Test
    void aWallClockSetBackBetweenAttemptsNeverShortensWhatWasMeasured() {
        begin().timeline().measure("load", true, () -> time.pass(30));
        time.jump(Duration.ofHours(-1));
        time.newProcess();
        RunLog second = begin();
        second.timeline().measure("verify", true, () -> time.pass(5));
        second.check(Samples.namespaces());
        second.ready();
        RunRecord record = second.finish(writer, null, 0);
        assertThat(record.rtoSeconds()).hasValue(35.0);
        assertThat(record.elapsedSeconds()).isEqualTo(35);
    }

    @Test
    void phasesAndWhatLiesBetweenThemAddUpToTheRecoveryTime() {
        RunRecord record = samples.passedDrill();
        double phases = record.phases().stream()
                .filter(Phase::insideRto)
                .mapToDouble(phase -> phase.elapsed().toNanos() / 1e9)
                .sum();
        double between =
                record.json().at("/measurement/rto/unattributedSeconds").asDouble();
        double actual = record.rtoSeconds().orElseThrow();
        assertThat(between).isEqualTo(0.4, within(1e-6));
        assertThat(phases + between).isEqualTo(actual, within(actual / 100));
        assertThat(record.phases()).last().matches(phase -> !phase.insideRto(), "cleanup is outside RTO");
    }

    @Test
    void overlappingPhasesCountOnce() {
        RunLog run = begin();
        run.timeline().measure("load", true, () -> {
            time.pass(2);
            run.timeline().measure("index", true, () -> time.pass(3));
            time.pass(1);
        });
        run.timeline().measure("mark", true, () -> {
            time.pass(1);
            run.ready();
            time.pass(1);
        });
        RunRecord record = run.finish(writer, null, 0);
        assertThat(record.rtoSeconds()).hasValue(7.0);
        assertThat(record.json().at("/measurement/rto/phasesSeconds").asDouble())
                .isEqualTo(7);
        assertThat(record.json().at("/measurement/rto/unattributedSeconds").asDouble())
                .isZero();
    }

    @Test
    void withinAnAttemptNoCheckReplacesAnother() {
        RunLog run = begin();
        run.check(Check.failed("content", "digest", "a", "b", 0, 1, "shop.orders"));
        run.check(Check.passed("content", "digest", "a", "a", 1, 1));
        run.ready();
        assertThat(run.outcome(null)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aRecordThatCannotBeStoredIsAFailureOfItsOwn() {
        RunLog run = begin();
        store.refusedCreates = key -> key.startsWith("evidence/");
        var original = new Failure(FailureKind.LOCK_LOST, "taken over", "Wait.");
        Failure failure = catchThrowableOfType(Failure.class, () -> run.finish(writer, original, 21));
        assertThat(failure.kind()).isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        assertThat(failure.text()).contains(start.runId(), "heap:", "the store does not answer");
        assertThat(failure.getSuppressed()).containsExactly(original);
        assertThat(RunLog.open(store, time.clocks())).hasSize(1);
    }

    @Test
    void aReportThatCannotBeStoredIsNoSuccessEither() {
        RunLog run = begin();
        store.refusedCreates = key -> key.startsWith("reports/");
        Failure failure = catchThrowableOfType(Failure.class, () -> run.finish(writer, null, 0));
        assertThat(failure.kind()).isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(ledger.records()).hasSize(1);
    }

    @Test
    void aDeadRunIsFoundAndLeavesARecord() {
        RunLog dead = begin();
        dead.timeline().measure("load", true, () -> time.pass(8));
        time.pass(3_600);
        time.newProcess();

        RunLog found = RunLog.open(store, time.clocks()).getFirst();
        assertThat(found.start().runId()).isEqualTo(start.runId());
        RunRecord record = found.abandon(writer);
        assertThat(record.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(record.message()).isEqualTo("the process ended without a word");
        assertThat(record.finishedAt()).isEqualTo(START.plusSeconds(8));
        assertThat(record.exitCode()).isEqualTo(RunRecord.NO_EXIT_CODE);
        assertThat(RunLog.open(store, time.clocks())).isEmpty();
    }

    @Test
    void aRunThatDiedBeforeItsFirstAttemptIsFoundToo() {
        begin();
        store.objects.remove("runs/" + start.runId() + "/attempt-1");
        RunLog found = RunLog.open(store, time.clocks()).getFirst();
        assertThat(found.startedAt()).isEqualTo(START);
        assertThat(found.abandon(writer).outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void aRunThatDiedAfterItsRecordIsOnlyTakenOffTheList() {
        RunLog run = begin();
        store.refusedDeletes = _ -> true;
        RunRecord record = run.finish(writer, null, 0);
        store.refusedDeletes = _ -> false;
        RunLog found = RunLog.open(store, time.clocks()).getFirst();
        assertThat(found.abandon(writer).recordId()).isEqualTo(record.recordId());
        assertThat(ledger.records()).hasSize(1);
        assertThat(store.keys("runs/")).isEmpty();
    }

    @Test
    void twoProcessesCannotOwnOneAttempt() {
        store.rivals = key -> key.endsWith("attempt-1");
        Failure failure = catchThrowableOfType(Failure.class, this::begin);
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_HELD);
    }

    @Test
    void twoProcessesCannotWriteOnePhase() {
        RunLog run = begin();
        store.rivals = key -> key.contains("phase");
        assertThatThrownBy(() -> run.timeline().measure("load", true, () -> time.pass(1)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST));
    }

    @Test
    void anAnswerLostOnTheWayIsNoOtherProcess() {
        store.lostAnswers = _ -> true;
        RunLog run = begin();
        run.timeline().measure("load", true, () -> time.pass(1));
        assertThat(run.finish(writer, null, 0).phases()).hasSize(1);
    }

    @Test
    void theExitCodeMayDependOnTheOutcome() {
        RunRecord record = begin().finish(writer, null, outcome -> outcome == Outcome.INCONCLUSIVE ? 11 : 0)
                .run();
        assertThat(record.exitCode()).isEqualTo(11);
    }

    @Test
    void theFirstAttemptsObjectivesStand() {
        begin();
        RunLog second = RunLog.begin(
                store,
                time.clocks(),
                Samples.start(
                        RunKind.DRILL, new Objectives(Optional.of(Duration.ofDays(9)), Optional.empty(), "later")));
        assertThat(second.start().objectives()).isEqualTo(Samples.OBJECTIVES);
    }

    @Test
    void noSecretReachesTheStore() {
        RunLog run = begin();
        run.note("uri", "mongodb://ada:canary-1@db/");
        run.note("access-token", "canary-2");
        run.exclude("x", "see https://h/?password=canary-3");
        run.timeline().measure("load", true, () -> time.pass(1));
        run.finish(writer, new IllegalStateException("refused mongodb+srv://ada:canary-4@db/"), 1);
        assertThat(store.objects.values())
                .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .noneMatch(text -> text.contains("canary") || text.contains("hunter2"));
    }

    @Test
    void aRunIdThatIsNoPlainNameIsRefused() {
        assertThatThrownBy(() -> new RunStart("../x", RunKind.BACKUP, "manual", "", "", "", Map.of(), Objectives.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RunLog begin() {
        return RunLog.begin(store, time.clocks(), start);
    }
}
