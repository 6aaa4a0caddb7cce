package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.evidence.BackupProof.State;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a backup by run after run, each a record in a ledger. */
class BackupProofTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");

    private final HeapStore store = new HeapStore();
    private final HandmadeRuns runs = new HandmadeRuns(store, "default", Samples.KEY, THEN);

    private HandmadeRuns.Run drill() {
        return runs.run("restore-drill").of("orders", "b1");
    }

    private HandmadeRuns.Run refuted() {
        return drill().ended(Outcome.FAILED, "VERIFICATION_FAILED").differing();
    }

    private BackupProof proof() {
        return proof("default");
    }

    private BackupProof proof(String ledger) {
        return BackupProof.of(traces(ledger)).getOrDefault("b1", BackupProof.NONE);
    }

    private List<RunTrace> traces(String ledger) {
        return new Ledger(store, ledger, Clocks.system()).traces(List.of());
    }

    /** F a full drill that passed, P one of a part; R one that found a difference, r one of a part that did. */
    @ParameterizedTest
    @CsvSource({
        "'', UNPROVEN, 0",
        "F, PROVEN, 1",
        "P, PARTLY, 1",
        "PP, PARTLY, 2",
        "FP, PROVEN, 1",
        "PF, PROVEN, 2",
        "FF, PROVEN, 2",
        "R, REFUTED, 1",
        "FR, REFUTED, 2",
        "Fr, REFUTED, 2",
        "RP, REFUTED, 1",
        "RPP, REFUTED, 1",
        "RF, PROVEN, 2",
        "rF, PROVEN, 2",
        "FRF, PROVEN, 3",
        "FRFP, PROVEN, 3",
        "FRFR, REFUTED, 4",
        "PR, REFUTED, 2",
    })
    void theNewestThatProvesOrRefutesDecides(String history, State state, long by) {
        for (int i = 0; i < history.length(); i++) {
            char run = history.charAt(i);
            HandmadeRuns.Run next = Character.toUpperCase(run) == 'R' ? refuted() : drill();
            if (run == 'P' || run == 'r') {
                next.inPart();
            }
            next.add();
        }
        assertThat(proof().state()).isEqualTo(state);
        assertThat(proof().by().map(RunTrace::seq).orElse(0L)).isEqualTo(by);
        assertThat(proof().isProven()).isEqualTo(state == State.PROVEN);
        assertThat(proof().isRefuted()).isEqualTo(state == State.REFUTED);
    }

    @Test
    void whatMissedItsObjectiveCameBackAllTheSame() {
        drill().ended(Outcome.WARNED, "").add();
        assertThat(proof().state()).isEqualTo(State.PROVEN);
    }

    @ParameterizedTest
    @CsvSource({"ABORTED", "INCONCLUSIVE"})
    void whatProvesNothingChangesNothing(Outcome outcome) {
        drill().add();
        drill().ended(outcome, "").add();
        assertThat(proof().by().map(RunTrace::seq)).contains(1L);
        refuted().add();
        drill().ended(outcome, "").add();
        assertThat(proof().state()).isEqualTo(State.REFUTED);
    }

    static Stream<String> failures() {
        return Stream.concat(
                Arrays.stream(FailureKind.values()).map(Enum::name), Stream.of("", "UNEXPECTED", "A_NEWER_ONE"));
    }

    /** That a target was refused says nothing of the data; what nobody foresaw may. */
    @ParameterizedTest
    @MethodSource("failures")
    void aFailureRefutesUnlessItCameBeforeTheDataWasLookedAt(String failure) {
        var before = Set.of(
                "CONFIGURATION_INVALID",
                "FORMAT_TOO_NEW",
                "TARGET_UNREACHABLE",
                "LOCK_HELD",
                "LOCK_LOST",
                "TARGET_REFUSED",
                "DEPENDENCY_UNAVAILABLE",
                "STORE_FULL",
                "ACCESS_DENIED",
                "STAGING_LEFT_BEHIND",
                "KEY_MISSING",
                "KEY_WRONG",
                "EVIDENCE_NOT_STORED",
                "ABORTED");
        drill().add();
        drill().ended(Outcome.FAILED, failure).add();
        assertThat(proof().state()).isEqualTo(before.contains(failure) ? State.PROVEN : State.REFUTED);
        drill().ended(Outcome.FAILED, failure).differing().add();
        assertThat(proof().state()).as("a check found a difference").isEqualTo(State.REFUTED);
    }

    @Test
    void aDifferenceRefutesWhateverEndedTheRun() {
        drill().add();
        drill().ended(Outcome.ABORTED, "ABORTED").differing().add();
        assertThat(proof().state()).isEqualTo(State.REFUTED);
    }

    @Test
    void aVerificationRefutesAndClearsNothing() {
        drill().add();
        runs.run("verify")
                .of("orders", "b1")
                .ended(Outcome.FAILED, "BACKUP_DAMAGED")
                .add();
        assertThat(proof().state()).isEqualTo(State.REFUTED);
        runs.run("verify").of("orders", "b1").add();
        assertThat(proof().state()).isEqualTo(State.REFUTED);
        assertThat(proof().by().map(RunTrace::seq)).contains(2L);
    }

    @Test
    void otherRunsAndOtherBackupsSayNothing() {
        runs.run("backup")
                .of("orders", "b1")
                .ended(Outcome.FAILED, "BACKUP_DAMAGED")
                .add();
        runs.run("restore-drill").of("orders", "b2").add();
        runs.run("restore-drill").add();
        assertThat(proof()).isEqualTo(BackupProof.NONE);
        assertThat(BackupProof.of(traces("default"))).hasSize(2);
    }

    @Test
    void ofTwoLedgersTheLaterDecidesAndAPartLosesAgainstAnyWhole() {
        var other = new HandmadeRuns(store, "other", SigningKey.make(), THEN.minusSeconds(60));
        drill().add();
        other.run("restore-drill").of("orders", "b1").ended(Outcome.FAILED, "").add();
        assertBoth(State.PROVEN);
        other.run("restore-drill").of("orders", "b1").ended(Outcome.FAILED, "").add();
        assertBoth(State.REFUTED);
        drill().at(THEN.minusSeconds(60).plusSeconds(3_600)).add();
        assertBoth(State.REFUTED);

        BackupProof part = BackupProof.NONE.then(trace("b", true));
        assertThat(part.or(proof())).isEqualTo(proof());
        assertThat(proof().or(part)).isEqualTo(proof());
        assertThat(part.or(BackupProof.NONE)).isEqualTo(part);
        assertThat(BackupProof.NONE.or(part)).isEqualTo(part);
    }

    private void assertBoth(State state) {
        assertThat(proof().or(proof("other")).state()).isEqualTo(state);
        assertThat(proof("other").or(proof()).state()).isEqualTo(state);
    }

    private RunTrace trace(String backup, boolean part) {
        HandmadeRuns.Run run = runs.run("restore").of("orders", backup);
        long seq = (part ? run.inPart() : run).add();
        return traces("default").stream()
                .filter(each -> each.seq() == seq)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRunOfAKindThatOnlyANewerVersionKnowsIsNoProofAndSaysSo() {
        long seq = runs.run("time-travel").of("orders", "b1").add();
        var ledger = new Ledger(store, "default", Clocks.system());
        RunRecord record = ledger.entry(seq).run().orElseThrow();
        assertThat(RunTrace.read(record)).isEmpty();
        assertThat(ledger.traces(List.of())).isEmpty();
        assertThat(record.is(RunKind.DRILL)).isFalse();
        assertThatThrownBy(record::kind)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.FORMAT_TOO_NEW))
                .hasMessageContaining("kind time-travel, unknown to this version");
        assertThat(Receipt.newestOf(ledger.newestEntries())).isEmpty();
    }

    @Test
    void aScheduleOrASlotOfSuchAKindIsPassedOver() {
        runs.run("evidence-reconcile")
                .scheduling("orders", Duration.ofHours(1), THEN, "backup", "0 2 * * *")
                .add();
        var stated = new Ledger(store, "default", Clocks.system())
                .entry(1)
                .predicate()
                .deepCopy();
        stated.withObject("/schedule")
                .withArray("entries")
                .addObject()
                .put("kind", "time-travel")
                .put("cron", "x");
        assertThat(Schedule.Recorded.read(stated.path("schedule")).schedule().entries())
                .extracting(Schedule.Entry::kind)
                .containsExactly(RunKind.BACKUP);
    }

    private static String key(long seq) {
        return "evidence/default/%012d.dsse.json".formatted(seq);
    }

    @Test
    void whoDeletesKnowsWhatCouldNotBeReadOrTrusted() {
        drill().add();
        long broken = drill().add();
        long newer = runs.run("time-travel").of("orders", "b3").add();
        long forged = runs.run("restore-drill").of("orders", "b4").add();
        runs.run("backup").add();
        store.objects.put(key(broken), new byte[] {'x'});
        byte[] record = Objects.requireNonNull(store.objects.get(key(forged))).clone();
        int at = new String(record, StandardCharsets.US_ASCII).indexOf("\"sig\":\"") + 7;
        record[at] = (byte) (record[at] == 'A' ? 'B' : 'A');
        store.objects.put(key(forged), record);

        var ledger = new Ledger(store, "default", Clocks.system());
        Testimony told = ledger.testimony(List.of());
        assertThat(told.trusted()).isTrue();
        assertThat(told.sound()).extracting(RunTrace::seq).containsExactly(1L, 5L);
        assertThat(told.claimed()).extracting(RunTrace::seq).containsExactly(1L, forged, 5L);
        assertThat(told.unread())
                .containsExactly(
                        new Testimony.Unread(key(newer), THEN.plusSeconds(2 * 3_600)),
                        new Testimony.Unread(key(broken), THEN.plusSeconds(2 * 3_600)));

        Testimony foreign = ledger.testimony(List.of(SigningKey.make().publicKey()));
        assertThat(foreign.trusted()).isFalse();
        assertThat(foreign.sound()).isEmpty();
        assertThat(foreign.claimed()).isEqualTo(told.claimed());
        assertThatThrownBy(foreign::requireTrusted).hasMessageContaining("none of the keys that evidence-roots names");
        told.requireTrusted();
    }
}
