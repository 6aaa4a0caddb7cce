package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.failure.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a rollback is refused for; each test has everything right but one thing. */
class RollbackGateTest extends ReleaseGates {
    private static JudgedChange appliedAt(String id, int minutesAgo) {
        var row = new RecordedRow(
                "EXECUTED", Optional.of(NOW.minus(Duration.ofMinutes(minutesAgo))), "", "", OptionalLong.empty());
        return new JudgedChange(
                judged(id, ChangeState.APPLIED).change(), ChangeState.APPLIED, false, Optional.of(row), "", List.of());
    }

    @Test
    void aReceiptOfAToolThatWasSteeredOtherwiseProvesNoRollback() {
        allApplied();
        options = Map.of("changelog", "mongockChangelog");
        notTakenBack(Optional.empty(), "no rehearsal has proven");
    }

    @Test
    void aRollbackThatFailedIsTriedAgainWhereSomebodySaysThatItMayBe() {
        changes = List.of(failed("a", false, NOW.minus(Duration.ofMinutes(150))), judged("b", ChangeState.PENDING));
        notTakenBack(Optional.empty(), "no change is applied");
        limits = limits(false, LIMIT, Set.of("a"));
        assertThat(takenBack(Optional.empty(), List.of(receipt())))
                .extracting(each -> each.change().id())
                .containsExactly("a");
    }

    @Test
    void theLastAppliedIsTheNewestByItsRowAndNotByTheOrderOfTheCode() {
        changes = List.of(appliedAt("a", 5), appliedAt("b", 1), appliedAt("c", 9));
        assertThat(takenBack(Optional.empty(), List.of(receipt())))
                .extracting(each -> each.change().id())
                .containsExactly("b");
        assertThat(takenBack(Optional.of("c"), List.of(receipt())))
                .extracting(each -> each.change().id())
                .containsExactly("b", "a");
    }

    @Test
    void whatIsProvenIsTakenBackFromTheNewestOn() {
        allApplied();
        assertThat(takenBack(Optional.of("a"), List.of(receipt())))
                .extracting(each -> each.change().id() + " " + each.receipt())
                .containsExactly("c r-1", "b r-1");
        assertThat(takenBack(Optional.empty(), List.of(receipt())))
                .extracting(each -> each.change().id())
                .containsExactly("c");
    }

    @Test
    void aRollbackThatIsNotProvenIsRefusedWithTheMomentToRestoreTo() {
        allApplied();
        attempts = List.of(attempt(true, false, "b"));
        rehearsed = List.of(rehearsed("b", "hash-b", Grade.FAILED), rehearsed("c", "hash-c", Grade.PROVEN));
        Failure failed = catchThrowableOfType(Failure.class, () -> takenBack(Optional.of("a"), List.of(receipt())));
        assertRefused(failed, "the rollback of 'b' does not restore");
        assertThat(failed.hint()).contains("firedrill restore --at " + BEGUN);
        rehearsed = List.of(rehearsed("c", "hash-c", Grade.NOT_TESTED));
        Failure never = catchThrowableOfType(Failure.class, () -> takenBack(Optional.empty(), List.of(receipt())));
        assertRefused(never, "no rehearsal has proven the rollback of 'c'");
        assertThat(never.hint()).contains("no apply of 'c' is recorded");
        rehearsed = List.of(rehearsed("c", "edited", Grade.PROVEN));
        notTakenBack(Optional.empty(), "'c' as it is now");
    }

    @Test
    void aReceiptOfAnotherVersionOfTheToolProvesNoRollback() {
        allApplied();
        toolVersion = "5.5.0";
        notTakenBack(Optional.empty(), "no rehearsal has proven");
    }

    @Test
    void aReceiptOfAnotherSetOrServerProvesNoRollback() {
        allApplied();
        rehearsedSet = "set-2";
        notTakenBack(Optional.empty(), "no rehearsal has proven");
        rehearsedSet = "set-1";
        version = "7.0.1";
        notTakenBack(Optional.empty(), "MongoDB 7.0.1");
    }

    @Test
    void whatCannotBeTakenBackIsRefused() {
        notTakenBack(Optional.empty(), "no change is applied");
        allApplied();
        notTakenBack(Optional.of("c"), "nothing was applied after 'c'");
        notTakenBack(Optional.of("x"), "none of the applied changes");
        changes = List.of(judged("a", ChangeState.APPLIED), judged("b", ChangeState.ORPHAN));
        notTakenBack(Optional.empty(), "b ORPHAN");
    }
}
