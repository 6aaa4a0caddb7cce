package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** What each is, with what the record says of the release and of the change, and from when on a backup shows all of it. */
    static Stream<Arguments> endings() {
        UnaryOperator<ReleaseFacts> asItWas = facts -> facts;
        return Stream.of(
                Arguments.of("killed by force, so that nobody noted the end", unnoted(asItWas), 127, "10:40:01"),
                Arguments.of(
                        "the same, when it might take longer",
                        unnoted(limited(Duration.ofMinutes(15))),
                        127,
                        "10:45:01"),
                // What it had asked the server for may have gone on after the note.
                Arguments.of("its time was over", asItWas, null, "10:42:01"),
                Arguments.of("killed by a signal", asItWas, 128 + 9, "10:42:01"),
                Arguments.of("killed when it might take less", limited(Duration.ofMillis(1)), 128 + 9, "10:42:01"),
                Arguments.of("killed when it might take longer", limited(Duration.ofMinutes(15)), 128 + 9, "10:47:01"),
                Arguments.of("ended by itself", limited(Duration.ofMinutes(15)), 127, "10:32:01"));
    }

    private static UnaryOperator<ReleaseFacts> limited(Duration limit) {
        return facts -> facts.limitedTo(limit);
    }

    private static UnaryOperator<ReleaseFacts> unnoted(UnaryOperator<ReleaseFacts> more) {
        return facts -> more.apply(facts.between(facts.restorePoint(), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void howLongTheServerMayHaveGoneOnDependsOnHowTheRunEnded(
            String what, UnaryOperator<ReleaseFacts> recorded, @Nullable Integer code, String from) {
        brokenOffAtB();
        changes = changes.subList(1, 3);
        rehearsed = rehearsed.subList(1, 3);
        startedAt = NOW.minus(Duration.ofMinutes(70));
        ReleaseFacts noted = recorded.apply(attempts.getFirst().facts());
        ReleaseFacts.OfChange killed = ReleaseFacts.OfChange.planned("b", "ada", "hash-b", "r-1", Optional.empty())
                .begunAt(BEGUN)
                .ended(code == null ? Optional.empty() : Optional.of(1.0), what, "PENDING", false);
        ReleaseFacts facts = noted.with(1, code == null ? killed : killed.exited(code));
        attempts = List.of(new ReleaseHistory.Attempt("apply-1", true, facts, Set.of()));
        Instant over = Instant.parse("2026-11-28T%sZ".formatted(from));
        recoveryPoint = Optional.of(over.minusSeconds(1));
        refused("a backup shows all that it left from %s on".formatted(over));
        recoveryPoint = Optional.of(over);
        assertThat(admitted()).hasSize(2);
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
