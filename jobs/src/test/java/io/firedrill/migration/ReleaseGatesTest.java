package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a release is refused for; each test has everything right but one thing. */
class ReleaseGatesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final String SHA = "ab".repeat(32);

    private ReleaseLimits limits = new ReleaseLimits(Duration.ofHours(24), Duration.ofHours(24), false);

    private Optional<String> digest = Optional.of(SHA);
    private String tool = Artefact.MONGOCK;
    private String database = "shop";
    private String setId = "set-1";
    private String version = "6.0.5";
    private Optional<LockState> lock = Optional.empty();
    private Optional<ReleaseTarget.Sealed> backup =
            Optional.of(new ReleaseTarget.Sealed("b1", NOW.minus(Duration.ofHours(2)), "set-1"));
    private List<JudgedChange> changes = List.of(
            judged("a", ChangeState.PENDING), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));

    private Outcome outcome = Outcome.PASSED;
    private boolean full = true;
    private Instant startedAt = NOW.minus(Duration.ofHours(2));
    private Instant finishedAt = NOW.minus(Duration.ofHours(1));
    private Optional<Instant> recoveryPoint = Optional.of(NOW.minus(Duration.ofHours(3)));
    private String rehearsedSet = "set-1";
    private List<OfChange> rehearsed = Stream.of("a", "b", "c")
            .map(id -> rehearsed(id, "hash-" + id, Grade.PROVEN))
            .toList();

    private static JudgedChange judged(String id, ChangeState state) {
        return judged(id, "hash-" + id, state);
    }

    private static JudgedChange judged(String id, String hash, ChangeState state) {
        boolean runs = state == ChangeState.PENDING || state == ChangeState.OUT_OF_ORDER;
        var change =
                new Change(id, "ada", id, "C", false, Optional.empty(), Rollback.PRESENT, Optional.of(hash), List.of());
        return new JudgedChange(change, state, runs, Optional.empty(), "", List.of());
    }

    private static OfChange rehearsed(String id, String hash, Grade rollback) {
        return rehearsed(id, hash, Grade.PROVEN, rollback);
    }

    private static OfChange rehearsed(String id, String hash, Grade applies, Grade rollback) {
        return new OfChange(
                id,
                "ada",
                "C",
                hash,
                List.of(
                        new OfProperty("APPLIES", applies, "", List.of()),
                        new OfProperty("ROLLBACK", rollback, "", List.of())),
                Optional.empty());
    }

    private Receipt receipt() {
        return new Receipt(
                "r-1",
                "evidence/default/1",
                outcome,
                startedAt,
                finishedAt,
                recoveryPoint,
                rehearsedSet,
                "6.0.19",
                new RehearsalFacts(Artefact.MONGOCK, "5.5.1", "app.jar", SHA, "shop", full, rehearsed));
    }

    private ReleaseTarget target() {
        return new ReleaseTarget(
                new Artefact(tool, Optional.empty(), "app.jar", digest, List.of(), List.of()),
                database,
                new Standing(changes, lock),
                new DeploymentIdentity("orders", setId, List.of("h:1"), List.of(), version, "6.0", Optional.empty()),
                backup);
    }

    private List<OfChange> admitted(boolean continued) {
        return new ReceiptGate(target(), limits, NOW).admit(Optional.of(receipt()), continued);
    }

    private void refused(String... words) {
        Failure failure = catchThrowableOfType(Failure.class, () -> admitted(false));
        assertRefused(failure, words);
    }

    private static void assertRefused(Failure failure, String... words) {
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
        assertThat(failure.text()).contains(words);
        assertThat(failure.hint()).endsWith("Nothing was written.");
    }

    @Test
    void aRehearsalInWhichAChangeDidNotApplyIsNone() {
        OfChange first = rehearsed.getFirst();
        rehearsed = List.of(rehearsed(first.id(), first.codeHash(), Grade.ACCEPTED, Grade.PROVEN));
        refused("did not show that '%s' applies".formatted(first.id()));
    }

    @Test
    void whatWasRehearsedIsAdmitted() {
        assertThat(admitted(false)).isEqualTo(rehearsed);
    }

    @Test
    void anotherArtefactIsRefused() {
        digest = Optional.of("cd".repeat(32));
        refused("cd".repeat(32), "r-1", SHA);
        assertRefused(
                catchThrowableOfType(
                        Failure.class, () -> new ReceiptGate(target(), limits, NOW).admit(Optional.empty(), false)),
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
        limits = new ReleaseLimits(limits.receiptAge(), limits.backupAge(), true);
        assertThat(admitted(false)).hasSize(3);
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
        assertThat(admitted(false)).hasSize(3);
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
        assertThat(admitted(true)).extracting(OfChange::id).containsExactly("b", "c");
        changes = List.of(judged("a", "edited", ChangeState.APPLIED), changes.get(1), changes.get(2));
        assertRefused(catchThrowableOfType(Failure.class, () -> admitted(true)), "pending now is [b, c]");
    }

    private List<RollbackGate.Admitted> takenBack(Optional<String> to, List<Receipt> receipts) {
        return new RollbackGate(
                        target(),
                        receipts,
                        change -> Optional.of("17,4").filter(_ -> change.id().equals("b")))
                .admit(to);
    }

    private void notTakenBack(Optional<String> to, String... words) {
        assertRefused(catchThrowableOfType(Failure.class, () -> takenBack(to, List.of(receipt()))), words);
    }

    private void allApplied() {
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.APPLIED), judged("c", ChangeState.APPLIED));
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
        rehearsed = List.of(rehearsed("b", "hash-b", Grade.FAILED), rehearsed("c", "hash-c", Grade.PROVEN));
        Failure failed = catchThrowableOfType(Failure.class, () -> takenBack(Optional.of("a"), List.of(receipt())));
        assertRefused(failed, "the rollback of 'b' does not restore");
        assertThat(failed.hint()).contains("firedrill restore --at 17,4");
        rehearsed = List.of(rehearsed("c", "hash-c", Grade.NOT_TESTED));
        Failure never = catchThrowableOfType(Failure.class, () -> takenBack(Optional.empty(), List.of(receipt())));
        assertRefused(never, "no rehearsal has proven the rollback of 'c'");
        assertThat(never.hint()).contains("no apply of 'c' is recorded");
        rehearsed = List.of(rehearsed("c", "edited", Grade.PROVEN));
        notTakenBack(Optional.empty(), "'c' as it is now");
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
