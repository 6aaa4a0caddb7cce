package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may go on upon what an earlier release has left half done. */
class HalfDoneGateTest extends ReleaseGates {
    private void brokenOffAtB() {
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));
        attempts = List.of(attempt(true, true, "a", "b"));
    }

    private static OfChange crashing(String id, Grade crashSafe) {
        return new OfChange(
                id,
                "ada",
                "C",
                "hash-" + id,
                List.of(
                        new OfProperty("APPLIES", Grade.PROVEN, "", List.of()),
                        new OfProperty("CRASH_SAFE", crashSafe, "", List.of())),
                Optional.empty());
    }

    @Test
    void aChangeThatBrokeOffIsRunAgainOnlyWhereThatIsProven() {
        brokenOffAtB();
        Failure failure = catchThrowableOfType(Failure.class, this::admitted);
        assertRefused(failure, "'b (ada)' was begun by run apply-1 and is not applied", "CRASH_SAFE is NOT_TESTED");
        assertThat(failure.hint()).contains("'firedrill restore --at %s'".formatted(BEGUN), "--repaired 'b=REASON'");
        for (Grade grade : List.of(Grade.FAILED, Grade.ACCEPTED, Grade.NOT_TESTED)) {
            rehearsed = List.of(crashing("a", Grade.PROVEN), crashing("b", grade), crashing("c", Grade.PROVEN));
            refused("CRASH_SAFE is " + grade);
        }
        rehearsed = List.of(crashing("a", Grade.ACCEPTED), crashing("b", Grade.PROVEN), crashing("c", Grade.ACCEPTED));
        assertThat(admitted()).extracting(OfChange::id).containsExactly("b", "c");
    }

    @Test
    void aChangeThatBrokeOffIsRunAgainWhereNothingOfItIsLeft() {
        brokenOffAtB();
        allOrNothing = true;
        assertThat(admitted()).hasSize(2);
        allOrNothing = false;
        limits = limits(false, LIMIT, Set.of("b"));
        assertThat(admitted()).hasSize(2);
        limits = limits(false, LIMIT, Set.of("a"));
        refused("'b (ada)' was begun");
    }

    @Test
    void aRehearsalUponWhatAChangeLeftWhenItBrokeOffShowsThatItCanBeRun() {
        brokenOffAtB();
        changes = changes.subList(1, 3);
        rehearsed = rehearsed.subList(1, 3);
        refused("'b (ada)' was begun");
        startedAt = NOW.minus(Duration.ofMinutes(70));
        // In the second of the note after it a backup may have been before that.
        recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(88)));
        refused("a backup shows all that it left from 2026-11-28T10:32:01Z on");
        recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(88)).plusSeconds(1));
        assertThat(admitted()).hasSize(2);
    }

    /** Nobody has seen the end of its process: it may have been at work for as long as it may take. */
    @Test
    void whereNobodyNotedTheEndTheTimeThatAChangeMayTakeCounts() {
        brokenOffAtB();
        ReleaseHistory.Attempt noted = attempts.getFirst();
        changes = changes.subList(1, 3);
        rehearsed = rehearsed.subList(1, 3);
        startedAt = NOW.minus(Duration.ofMinutes(70));
        ReleaseFacts facts = noted.facts();
        ReleaseFacts.OfChange change = facts.changes().getLast();
        List<ReleaseFacts> unseen = List.of(
                facts.between(facts.restorePoint(), ""),
                // Killed: what it had asked the server for may have gone on.
                facts.with(1, change.ended(Optional.empty(), "killed", "PENDING", false)));
        for (ReleaseFacts each : unseen) {
            attempts = List.of(new ReleaseHistory.Attempt("apply-1", true, each, Set.of()));
            recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(80)));
            refused("a backup shows all that it left from 2026-11-28T10:40:01Z on");
            recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(80)).plusSeconds(1));
            assertThat(admitted()).hasSize(2);
        }
        // The last note came later still.
        attempts = List.of(new ReleaseHistory.Attempt(
                "apply-1",
                true,
                unseen.getLast().between(facts.restorePoint(), point(Duration.ofMinutes(75))),
                Set.of()));
        refused("from 2026-11-28T10:45:01Z on");
    }

    @Test
    void aChangeThatBrokeOffAndIsNoLongerInTheCodeIsNotPassedOver() {
        attempts = List.of(attempt(true, true, "gone"));
        refused("'gone (ada)' was begun", "CRASH_SAFE is not known of this code");
    }

    @Test
    void whatIsHalfTakenBackIsKnownToApplyAndToRollback() {
        attempts = List.of(attempt(false, true, "a"), attempt(true, false, "a"));
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));
        String[] words = {"'a (ada)' was being taken back by run rollback-1", "its row still says that it is applied"};
        Failure failure = catchThrowableOfType(Failure.class, this::admitted);
        assertRefused(failure, words);
        assertThat(failure.hint())
                .contains(
                        "firedrill migrations rollback --last --repaired a=REASON", "firedrill restore --at " + BEGUN);
        notTakenBack(Optional.empty(), words);
        limits = limits(false, LIMIT, Set.of("a"));
        assertThat(admitted()).extracting(OfChange::id).containsExactly("b", "c");
        assertThat(takenBack(Optional.empty(), List.of(receipt())))
                .extracting(each -> each.change().id())
                .containsExactly("a");
    }

    @Test
    void whatWasOnceSaidToBeRepairedNeedNotBeSaidAgain() {
        ReleaseHistory.Attempt broken = attempt(false, true, "a");
        ReleaseHistory.Attempt later = attempt(true, false, "b");
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));
        attempts = List.of(later, broken);
        refused("'a (ada)' was being taken back");
        var told = new ReleaseHistory.Attempt("apply-2", true, later.facts(), Set.of("a"));
        attempts = List.of(told, broken);
        assertThat(admitted()).extracting(OfChange::id).containsExactly("b", "c");
        attempts = List.of(broken, told);
        refused("'a (ada)' was being taken back");
    }

    @Test
    void whatIsHalfTakenBackIsKnownEvenWhereNothingIsPending() {
        attempts = List.of(attempt(false, true, "a"));
        changes = List.of(judged("a", ChangeState.APPLIED));
        assertRefused(
                catchThrowableOfType(Failure.class, () -> new ReceiptGate(target(), limits, NOW).requireReleasable()),
                "'a (ada)' was being taken back");
    }

    @Test
    void whatTheRowsSayIsTakenBackIsNotHalfDone() {
        attempts = List.of(attempt(false, true, "a"));
        assertThat(admitted()).hasSize(3);
        attempts = List.of(attempt(true, false, "a"), attempt(false, true, "a"));
        changes = List.of(judged("a", ChangeState.APPLIED), changes.get(1), changes.get(2));
        assertThat(admitted()).as("applied again since").hasSize(2);
    }

    @Test
    void theListExplainsWhatIsHalfDone() {
        attempts = List.of(attempt(false, true, "a"), attempt(true, true, "b"));
        var standing = new Standing(
                List.of(judged("a", ChangeState.APPLIED), judged("b", ChangeState.PENDING)), Optional.empty());
        Standing explained = new ReleaseHistory(attempts).explained(standing, _ -> false);
        assertThat(explained.changes())
                .extracting(JudgedChange::note)
                .satisfiesExactly(
                        note -> assertThat(note).contains("was being taken back by run rollback-1", "--at " + BEGUN),
                        note -> assertThat(note).contains("was begun by run apply-1", "--at " + BEGUN));
        assertThat(new ReleaseHistory(attempts)
                        .explained(standing, _ -> true)
                        .changes()
                        .getLast()
                        .note())
                .as("nothing of it can be left")
                .isEmpty();
    }
}
