package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an apply is refused for; each test has everything right but one thing. */
class ReceiptGateTest extends ReleaseGates {
    @Test
    void aRehearsalInWhichAChangeDidNotApplyIsNone() {
        OfChange first = rehearsed.getFirst();
        rehearsed = List.of(rehearsed(first.id(), first.codeHash(), Grade.ACCEPTED, Grade.PROVEN));
        refused("did not show that '%s' applies".formatted(first.id()));
    }

    @Test
    void whatWasRehearsedIsAdmitted() {
        assertThat(admitted()).isEqualTo(rehearsed);
    }

    @Test
    void anotherArtefactIsRefused() {
        digest = Optional.of("cd".repeat(32));
        refused("cd".repeat(32), "r-1", SHA);
        assertRefused(
                catchThrowableOfType(
                        Failure.class, () -> new ReceiptGate(target(), limits, NOW).admit(Optional.empty())),
                "no rehearsal of app.jar");
    }

    @Test
    void whatHasNoDigestIsRefused() {
        digest = Optional.empty();
        refused("nothing of app.jar to take a digest of");
    }

    @Test
    void anotherToolOrDatabaseIsRefused() {
        database = "shop2";
        refused("'shop'", "'shop2'");
        database = "shop";
        tool = Artefact.MIGRATE_MONGO;
        refused("mongock", "migrate-mongo");
    }

    @Test
    void aRehearsalThatDidNotPassIsRefused() {
        outcome = Outcome.FAILED;
        refused("r-1 came to FAILED");
        outcome = Outcome.ABORTED;
        refused("r-1 came to ABORTED");
    }

    @Test
    void aQuickRehearsalIsRefusedUnlessItIsAccepted() {
        full = false;
        refused("quick");
        limits = limits(true, LIMIT, Set.of());
        assertThat(admitted()).hasSize(3);
    }

    @Test
    void anOldReceiptAndOneFromTheFutureAreRefused() {
        finishedAt = NOW.minus(Duration.ofHours(25));
        refused("25 h 0 min ago", "24 h");
        finishedAt = NOW.plus(Duration.ofHours(1));
        refused("r-1 ended at 2026-11-28T13:00:00Z");
    }

    @Test
    void aRehearsalOnOldDataIsRefused() {
        recoveryPoint = Optional.of(NOW.minus(Duration.ofHours(27)));
        refused("ran on data of", "25 h");
        recoveryPoint = Optional.empty();
        refused("does not say which moment");
    }

    @Test
    void anOldBackupOrNoneOrAnothersIsRefused() {
        backup = Optional.of(new ReleaseTarget.Sealed("b1", NOW.minus(Duration.ofMinutes(24 * 60 + 1)), "set-1"));
        refused("newest backup b1", "24 h 1 min ago");
        backup = Optional.of(new ReleaseTarget.Sealed("b1", NOW, "set-2"));
        refused("b1 is of set-2");
        backup = Optional.empty();
        refused("no sealed backup");
    }

    @Test
    void anotherReplicaSetIsRefused() {
        setId = "set-2";
        refused("set-2", "set-1");
        setId = "set-1";
        rehearsedSet = "";
        refused("is of none");
    }

    @Test
    void anotherServerVersionIsRefused() {
        version = "7.0.1";
        refused("MongoDB 7.0.1", "6.0.19");
    }

    @Test
    void aLockThatIsHeldIsRefusedAndAStaleOneOfMongockIsTakenOver() {
        lock = Optional.of(
                new LockState("pod-7", Optional.empty(), Optional.of(NOW.plusSeconds(30)), NOW, Duration.ZERO));
        refused("held by pod-7, until 2026-11-28T12:00:30Z");
        lock = Optional.of(new LockState("", Optional.empty(), Optional.empty(), NOW, Duration.ZERO));
        refused("never expires");
        lock = Optional.of(
                new LockState("pod-7", Optional.empty(), Optional.of(NOW.minusSeconds(1)), NOW, Duration.ZERO));
        assertThat(admitted()).hasSize(3);
        tool = Artefact.MIGRATE_MONGO;
        refused("stale since");
    }

    @Test
    void oneMoreOneLessAndOneEditedChangeAreRefused() {
        var more = new ArrayList<>(changes);
        more.add(judged("d", ChangeState.PENDING));
        List<JudgedChange> right = changes;
        changes = more;
        refused("[a, b, c, d]", "[a, b, c]");
        changes = right.subList(0, 2);
        refused("pending now is [a, b]");
        changes = List.of(right.getFirst(), judged("b", "edited", ChangeState.PENDING), right.getLast());
        refused("pending now is [a, b, c]");
        changes = List.of(right.get(1), right.getFirst(), right.getLast());
        refused("pending now is [b, a, c]");
    }

    @Test
    void aChangeOfUnknownCodeIsRefused() {
        rehearsed = List.of(rehearsed("a", "", Grade.PROVEN));
        changes = List.of(judged("a", "", ChangeState.PENDING));
        refused("pending now is [a]");
    }

    @Test
    void driftIsRefused() {
        for (ChangeState state :
                List.of(ChangeState.OUT_OF_ORDER, ChangeState.CHANGED, ChangeState.ORPHAN, ChangeState.FAILED)) {
            changes = List.of(judged("a", state), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));
            refused("a " + state);
        }
    }

    @Test
    void theRestIsAdmittedOnlyAfterAnApplyByThisReceipt() {
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));
        refused("pending now is [b, c]");
        attempts = List.of(attempt(true, false, "a"));
        assertThat(admitted()).extracting(OfChange::id).containsExactly("b", "c");
        changes = List.of(judged("a", "edited", ChangeState.APPLIED), changes.get(1), changes.get(2));
        refused("pending now is [b, c]");
    }

    @Test
    void aReceiptOfAToolThatWasSteeredOtherwiseIsRefused() {
        options = Map.of("changelog", "mongockChangelog");
        refused("changelog is 'mongockChangelog' and was 'mongockChangeLog'");
        options = STEERED;
        rehearsedOptions = Map.of();
        refused("does not say by which options");
        rehearsedOptions = Map.of("changelog", "mongockChangeLog", "useFileHash", "true");
        refused("this is not what rehearsal r-1 rehearsed");
    }

    @Test
    void anotherVersionOfTheToolIsRefused() {
        toolVersion = "5.5.0";
        refused("ran mongock '5.5.1'", "'5.5.0'");
    }

    @Test
    void aRehearsalThatSomebodyRejectedIsRefused() {
        rejection = Optional.of("rejected by jane (data owner)");
        refused("rehearsal r-1 was rejected by jane (data owner)");
        allApplied();
        notTakenBack(Optional.empty(), "rehearsal r-1 was rejected by jane");
    }

    @Test
    void whatIsKnownToTakeLongerThanItMayIsRefused() {
        rehearsed = List.of(lasting("a", 1), lasting("b", 600), lasting("c", 1));
        refused("'b (ada)' took 600.0 s", "--time-limit is 600.0 s");
        limits = limits(false, Duration.ofSeconds(601), Set.of());
        assertThat(admitted()).hasSize(3);
        limits = limits(false, LIMIT, Set.of());
        allApplied();
        notTakenBack(Optional.of("a"), "'b' took 600.0 s");
    }

    @Test
    void aChangeThatFailedIsRunAgainOnceThatWasRehearsedUponWhatItLeft() {
        changes = List.of(failed("a", true, NOW.minus(Duration.ofMinutes(150))), changes.get(1), changes.get(2));
        refused("'a' FAILED at 2026-11-28T09:30:00Z", "ran on data of 2026-11-28T09:00:00Z");
        // A clock that was five minutes behind would have told this of a failure that came after the backup.
        recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(145)));
        refused("by more than the 5 minutes that clocks may differ by");
        recoveryPoint = Optional.of(NOW.minus(Duration.ofMinutes(144)));
        assertThat(admitted()).hasSize(3);
        changes = List.of(failed("a", false, NOW.minus(Duration.ofMinutes(150))), changes.get(1), changes.get(2));
        refused("a FAILED");
    }
}
