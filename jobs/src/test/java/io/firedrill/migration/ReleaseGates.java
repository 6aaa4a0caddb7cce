package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A release that has everything right, for tests that make one thing wrong. */
abstract class ReleaseGates {
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final String SHA = "ab".repeat(32);

    static final Map<String, String> STEERED = Map.of("changelog", "mongockChangeLog");
    static final Duration LIMIT = Duration.ofMinutes(10);

    ReleaseLimits limits = limits(false, LIMIT, Set.of());

    Optional<String> digest = Optional.of(SHA);
    String toolVersion = "5.5.1";
    Map<String, String> options = STEERED;
    Map<String, String> rehearsedOptions = STEERED;
    List<ReleaseHistory.Attempt> attempts = List.of();
    boolean allOrNothing;
    Optional<String> rejection = Optional.empty();
    String tool = Artefact.MONGOCK;
    String database = "shop";
    String setId = "set-1";
    String version = "6.0.5";
    Optional<LockState> lock = Optional.empty();
    Optional<ReleaseTarget.Sealed> backup =
            Optional.of(new ReleaseTarget.Sealed("b1", NOW.minus(Duration.ofHours(2)), "set-1"));
    List<JudgedChange> changes = List.of(
            judged("a", ChangeState.PENDING), judged("b", ChangeState.PENDING), judged("c", ChangeState.PENDING));

    Outcome outcome = Outcome.PASSED;
    boolean full = true;
    Instant startedAt = NOW.minus(Duration.ofHours(2));
    Instant finishedAt = NOW.minus(Duration.ofHours(1));
    Optional<Instant> recoveryPoint = Optional.of(NOW.minus(Duration.ofHours(3)));
    String rehearsedSet = "set-1";
    List<OfChange> rehearsed = Stream.of("a", "b", "c")
            .map(id -> rehearsed(id, "hash-" + id, Grade.PROVEN))
            .toList();

    static ReleaseLimits limits(boolean quick, Duration timeLimit, Set<String> repaired) {
        return new ReleaseLimits(Duration.ofHours(24), Duration.ofHours(24), quick, timeLimit, repaired);
    }

    /** A cluster time this long before now. */
    static String point(Duration before) {
        return NOW.minus(before).getEpochSecond() + ",4";
    }

    static final String BEGUN = point(Duration.ofMinutes(90));

    /** A release that began these changes an hour and a half ago, for two minutes; the last one is not done if it broke off. */
    static ReleaseHistory.Attempt attempt(boolean applying, boolean broken, String... ids) {
        List<ReleaseFacts.OfChange> begun = Stream.of(ids)
                .map(id -> ReleaseFacts.OfChange.planned(id, "ada", "hash-" + id, "r-1", Optional.empty())
                        .begunAt(BEGUN)
                        .ended(Optional.of(1.0), "", "", !broken || !id.equals(ids[ids.length - 1]))
                        .exited(broken ? 127 : 0))
                .toList();
        return new ReleaseHistory.Attempt(
                applying ? "apply-1" : "rollback-1",
                applying,
                new ReleaseFacts(
                        Artefact.MONGOCK, "app.jar", SHA, "shop", "r-1", BEGUN, point(Duration.ofMinutes(88)), begun),
                Set.of());
    }

    static JudgedChange judged(String id, ChangeState state) {
        return judged(id, "hash-" + id, state);
    }

    static JudgedChange judged(String id, String hash, ChangeState state) {
        boolean runs = state == ChangeState.PENDING || state == ChangeState.OUT_OF_ORDER;
        var change =
                new Change(id, "ada", id, "C", false, Optional.empty(), Rollback.PRESENT, Optional.of(hash), List.of());
        return new JudgedChange(change, state, runs, Optional.empty(), "", List.of());
    }

    static OfChange rehearsed(String id, String hash, Grade rollback) {
        return rehearsed(id, hash, Grade.PROVEN, rollback);
    }

    static OfChange rehearsed(String id, String hash, Grade applies, Grade rollback) {
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

    Receipt receipt() {
        return new Receipt(
                "r-1",
                "evidence/default/1",
                outcome,
                startedAt,
                finishedAt,
                recoveryPoint,
                rehearsedSet,
                "6.0.19",
                new RehearsalFacts(Artefact.MONGOCK, "5.5.1", "app.jar", SHA, "shop", full, rehearsed)
                        .steeredBy(rehearsedOptions),
                rejection);
    }

    ReleaseTarget target() {
        return new ReleaseTarget(
                new Artefact(
                        tool,
                        Optional.of(toolVersion),
                        "app.jar",
                        digest,
                        changes.stream().map(JudgedChange::change).toList(),
                        List.of(),
                        options),
                database,
                new Standing(changes, lock),
                new DeploymentIdentity("orders", setId, List.of("h:1"), List.of(), version, "6.0", Optional.empty()),
                backup,
                new ReleaseHistory(attempts),
                _ -> allOrNothing);
    }

    List<OfChange> admitted() {
        return new ReceiptGate(target(), limits, NOW).admit(Optional.of(receipt()));
    }

    void refused(String... words) {
        Failure failure = catchThrowableOfType(Failure.class, () -> admitted());
        assertRefused(failure, words);
    }

    static void assertRefused(Failure failure, String... words) {
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
        assertThat(failure.text()).contains(words);
        assertThat(failure.hint()).endsWith("Nothing was written.");
    }

    static OfChange lasting(String id, double seconds) {
        return new OfChange(
                id,
                "ada",
                "C",
                "hash-" + id,
                List.of(
                        new OfProperty("APPLIES", Grade.PROVEN, "", List.of()),
                        new OfProperty("ROLLBACK", Grade.PROVEN, "", List.of())),
                Optional.of(new Measures(seconds, Optional.of(seconds), 1, 1, 1, List.of(), List.of())));
    }

    static JudgedChange failed(String id, boolean runs, Instant at) {
        var row = new RecordedRow("FAILED", Optional.of(at), "", "", OptionalLong.empty());
        return new JudgedChange(
                judged(id, ChangeState.FAILED).change(), ChangeState.FAILED, runs, Optional.of(row), "", List.of());
    }

    List<RollbackGate.Admitted> takenBack(Optional<String> to, List<Receipt> receipts) {
        return new RollbackGate(target(), limits, receipts).admit(to);
    }

    void notTakenBack(Optional<String> to, String... words) {
        assertRefused(catchThrowableOfType(Failure.class, () -> takenBack(to, List.of(receipt()))), words);
    }

    void allApplied() {
        changes = List.of(
                judged("a", ChangeState.APPLIED), judged("b", ChangeState.APPLIED), judged("c", ChangeState.APPLIED));
    }
}
