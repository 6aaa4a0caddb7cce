package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Holder;
import io.firedrill.storage.Lease;
import io.firedrill.storage.Leases;
import io.firedrill.testing.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What left no record gets one, once. */
class ReconciliationTest {
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Schedule NIGHTLY =
            new Schedule("", List.of(new Schedule.Entry(RunKind.BACKUP, "daily at 2")), GRACE);
    private static final Schedule WEEKLY =
            new Schedule("", List.of(new Schedule.Entry(RunKind.DRILL, "weekly at 4")), GRACE);

    private final Samples samples = new Samples();
    private final ManualTime time = samples.time;
    private int runs;

    private Leases leases() {
        return new Leases(samples.store, time.clocks().wall(), time.clocks().ticker(), Duration.ofMinutes(5));
    }

    private Reconciliation reconciliation(Optional<Schedule> wanted) {
        return new Reconciliation(
                samples.ledger, time.clocks(), leases(), PopulationTest.CALENDAR, wanted, GRACE, List.of());
    }

    private RunStart start(RunKind kind, String lease) {
        return new RunStart(
                "run-" + ++runs, kind, "scheduled", "cron", "0.1.0", "host-a", Map.of("lease", lease), Objectives.NONE);
    }

    private Reconciliation.Recorded reconcile(Schedule wanted) {
        return reconciliation(Optional.of(wanted)).record(samples.writer, kind -> start(kind, "evidence-shop-prod"));
    }

    private RunLog begin(String lease) {
        return RunLog.begin(samples.store, time.clocks(), start(RunKind.BACKUP, lease));
    }

    private List<RunRecord> records() {
        return samples.ledger.records().toList();
    }

    @Test
    void theScheduleIsRecordedOnceAndAgainWhenItChanges() {
        assertThat(reconcile(NIGHTLY).schedule()).isPresent();
        assertThat(reconcile(NIGHTLY).schedule()).isEmpty();
        Reconciliation.Recorded changed = reconcile(WEEKLY);
        assertThat(changed.schedule()
                        .orElseThrow()
                        .json()
                        .at("/schedule/entries/0/kind")
                        .asString())
                .isEqualTo("restore-drill");
        assertThat(changed.checkpoint().orElseThrow().size()).isEqualTo(2);
        assertThat(records()).extracting(RunRecord::kind).containsExactly(RunKind.RECONCILE, RunKind.RECONCILE);
        RecordSchema.RECOVERY_RUN.check(changed.schedule().orElseThrow().entry().payload());
    }

    @Test
    void nobodyEndsAScheduleByNotKnowingIt() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofDays(2));
        Reconciliation.Recorded recorded =
                reconciliation(Optional.empty()).record(samples.writer, kind -> start(kind, "evidence-shop-prod"));
        assertThat(recorded.schedule()).isEmpty();
        assertThat(recorded.missed()).hasSize(2);
    }

    @Test
    void eachMissedSlotGetsOneSignedRecordHoweverOftenItIsLookedAt() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofDays(3));
        assertThat(reconcile(NIGHTLY).missed()).hasSize(3);
        assertThat(reconcile(NIGHTLY).missed()).isEmpty();
        RunRecord first = records().get(1);
        assertThat(first.outcome()).isEqualTo(Outcome.MISSED);
        assertThat(first.verdict()).isEqualTo("MISSED");
        assertThat(first.json().at("/slot/due").asString()).isEqualTo("2026-11-15T02:00:00Z");
        assertThat(first.startedAt()).isEqualTo(Instant.parse("2026-11-15T02:00:00Z"));
        assertThat(first.exitCode()).isEqualTo(RunRecord.NO_EXIT_CODE);
        assertThat(samples.ledger.isSigned(first.entry())).isTrue();
        assertThat(samples.store.objects).containsKey(first.reportKey());
        RecordSchema.RECOVERY_RUN.check(first.entry().payload());
    }

    @Test
    void aChangeOfTheScheduleDoesNotHideWhatWasMissedBefore() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofDays(2));
        Reconciliation.Recorded changed = reconcile(WEEKLY);
        assertThat(changed.missed()).hasSize(2);
        time.pass(Duration.ofDays(7));
        assertThat(reconcile(WEEKLY).missed())
                .singleElement()
                .satisfies(missed ->
                        assertThat(missed.json().at("/slot/kind").asString()).isEqualTo("restore-drill"));
    }

    @Test
    void aRunThatDiedIsAbortedOnceAndMeetsItsSlot() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofHours(16));
        begin("backup-orders");
        time.pass(Duration.ofHours(2));
        Reconciliation.Recorded recorded = reconcile(NIGHTLY);
        assertThat(recorded.aborted()).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(Outcome.ABORTED);
            assertThat(run.kind()).isEqualTo(RunKind.BACKUP);
        });
        assertThat(recorded.missed()).isEmpty();
        assertThat(reconcile(NIGHTLY).aborted()).isEmpty();
        assertThat(records()).hasSize(2);
    }

    @Test
    void aRunWhoseLeaseIsHeldLives() {
        try (Lease held = leases().acquire("backup-orders", Holder.ofThisProcess("r", "BACKUP", time.now()))) {
            begin("backup-orders");
            time.pass(Duration.ofHours(2));
            held.renew();
            assertThat(reconciliation(Optional.empty()).findings().dead()).isEmpty();
            assertThat(reconciliation(Optional.empty()).findings().open()).hasSize(1);
        }
        assertThat(reconciliation(Optional.empty()).findings().dead()).hasSize(1);
    }

    @Test
    void aRunThatDiedJustNowMayBeTakenUpAgainFirst() {
        begin("backup-orders");
        time.pass(Duration.ofMinutes(59));
        assertThat(reconciliation(Optional.empty()).findings().dead()).isEmpty();
        time.pass(Duration.ofMinutes(2));
        assertThat(reconciliation(Optional.empty()).findings().dead()).hasSize(1);
    }

    @Test
    void aRunWithoutALeaseIsClosedToo() {
        var start = new RunStart("r", RunKind.BACKUP, "manual", "ada", "1", "h", Map.of(), Objectives.NONE);
        RunLog.begin(samples.store, time.clocks(), start);
        time.pass(Duration.ofHours(2));
        assertThat(reconcile(NIGHTLY).aborted()).hasSize(1);
        assertThat(RunLog.isOpen(samples.store, "r")).isFalse();
    }

    @Test
    void twoAtOnceAreOne() {
        try (Lease held =
                leases().acquire("evidence-shop-prod", Holder.ofThisProcess("other", "RECONCILE", time.now()))) {
            Failure refused = catchThrowableOfType(Failure.class, () -> reconcile(NIGHTLY));
            assertThat(refused.kind()).isEqualTo(FailureKind.LOCK_HELD);
            held.check();
        }
        assertThat(records()).isEmpty();
    }

    @Test
    void aRecordThatIsNotSignedAsItShouldBeMeetsNothing() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofHours(16));
        begin("backup-orders").finish(samples.writer, null, 0);
        time.pass(Duration.ofHours(2));
        assertThat(reconciliation(Optional.empty()).findings().missed()).isEmpty();
        byte[] record = Objects.requireNonNull(
                samples.store.objects.get(records().getLast().key()));
        String text = new String(record, StandardCharsets.US_ASCII);
        int signature = text.indexOf("\"sig\":\"") + 7;
        record[signature] = (byte) (record[signature] == 'A' ? 'B' : 'A');
        assertThat(reconciliation(Optional.empty()).findings().missed()).hasSize(1);
    }

    @Test
    void aVerificationCountsWhatWasMissedAndFindsNoFault() {
        reconcile(NIGHTLY);
        time.pass(Duration.ofHours(16));
        begin("backup-orders").finish(samples.writer, null, 0);
        time.pass(Duration.ofHours(26));
        LedgerVerdict verdict = new LedgerVerification(samples.ledger)
                .expecting(PopulationTest.CALENDAR, Optional.of(NIGHTLY))
                .verify();
        assertThat(verdict.isSound()).isTrue();
        assertThat(verdict.population().counts())
                .containsExactly(new Population.Count("", RunKind.BACKUP, 2, 1, 0, 0, 1));
        reconcile(NIGHTLY);
        LedgerVerdict later = new LedgerVerification(samples.ledger)
                .expecting(PopulationTest.CALENDAR, Optional.of(NIGHTLY))
                .verify();
        assertThat(later.population().missed()).hasSize(1);
        assertThat(later.population().unrecorded()).isEmpty();
        assertThat(later.notes()).noneMatch(note -> note.contains("schedule"));
        assertThat(new LedgerVerification(samples.ledger)
                        .expecting(PopulationTest.CALENDAR, Optional.of(WEEKLY))
                        .verify()
                        .notes())
                .anyMatch(note -> note.contains("the schedule that is set is not the one that was recorded last"));
        assertThat(new LedgerVerification(samples.ledger).verify().population()).isEqualTo(Population.NONE);
    }
}
