package io.firedrill.migration;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How a release is refused, and the conditions that applying and taking back have in common. */
final class Refusal {
    private Refusal() {}

    static Failure of(String message, String hint) {
        return new Failure(FailureKind.TARGET_REFUSED, message, hint + " Nothing was written.");
    }

    static void require(boolean met, String message, String hint) {
        if (!met) {
            throw of(message, hint);
        }
    }

    /** Mongock takes a stale lock over by itself; one of migrate-mongo blocks until the server has removed it. */
    static void requireUnlocked(ReleaseTarget target) {
        target.standing().lock().ifPresent(lock -> {
            boolean takenOver = !lock.isLive() && target.artefact().tool().equals(Artefact.MONGOCK);
            require(
                    takenOver,
                    "the lock of %s is held%s, %s"
                            .formatted(
                                    target.artefact().tool(),
                                    lock.holder().isEmpty() ? "" : " by " + lock.holder(),
                                    lock.expiresAt()
                                            .map(at -> (lock.isLive() ? "until " : "stale since ") + at)
                                            .orElse("and never expires")),
                    "Wait until its holder has ended or the lock is gone; 'firedrill migrations list' shows it.");
        });
    }

    /** What holds on one major version need not on another. */
    static void requireSameServer(ReleaseTarget target, String rehearsedOn, String receipt) {
        DeploymentIdentity identity = target.identity();
        require(
                !rehearsedOn.isEmpty() && release(identity.version()).equals(release(rehearsedOn)),
                "the target runs MongoDB %s, and rehearsal %s ran on '%s'"
                        .formatted(identity.version(), receipt, rehearsedOn),
                "Rehearse with a mongod of the target's version: name it with FIREDRILL_MONGOD.");
    }

    static void requireSameSource(ReleaseTarget target, String replicaSetId, String what) {
        require(
                target.identity().replicaSetId().equals(replicaSetId),
                "the target is the replica set %s (%s), and %s is of %s"
                        .formatted(
                                target.identity().setName(),
                                target.identity().replicaSetId(),
                                what,
                                replicaSetId.isEmpty() ? "none" : replicaSetId),
                "Check the connection string of the source; a rehearsal counts for the set whose backup it ran on.");
    }

    /** What is known to take longer than it may would be killed in the middle. */
    static void requireInTime(String change, Optional<Double> seconds, Duration limit, String receipt) {
        seconds.ifPresent(planned -> require(
                planned * 1_000 < limit.toMillis(),
                "'%s' took %.1f s in rehearsal %s, and --time-limit is %.1f s: it would be killed"
                        .formatted(change, planned, receipt, limit.toMillis() / 1_000.0),
                "Give it more time with --time-limit."));
    }

    /** By what the tool is steered that was rehearsed, and by what the one here. */
    static void requireSteeredAlike(ReleaseTarget target, Receipt receipt) {
        Map<String, String> rehearsed = receipt.facts().toolOptions();
        require(
                !rehearsed.isEmpty(),
                "rehearsal %s does not say by which options the tool was steered: it is of an earlier version of Firedrill"
                        .formatted(receipt.runId()),
                "Rehearse again.");
        Map<String, String> now = target.artefact().options();
        List<String> other = now.keySet().stream()
                .filter(name -> !Objects.equals(now.get(name), rehearsed.get(name)))
                .sorted()
                .map(name -> "%s is '%s' and was '%s'".formatted(name, now.get(name), rehearsed.getOrDefault(name, "")))
                .toList();
        require(
                other.isEmpty() && now.keySet().equals(rehearsed.keySet()),
                "this is not what rehearsal %s rehearsed: %s".formatted(receipt.runId(), String.join(", ", other)),
                "Give the same options as for the rehearsal, or rehearse with these.");
    }

    private static String release(String version) {
        String[] parts = version.split("\\.", 3);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }

    /** A change is known by id, author and code; of unknown code nothing is known. */
    static boolean isSame(Change change, OfChange rehearsed) {
        return change.id().equals(rehearsed.id())
                && change.author().equals(rehearsed.author())
                && !rehearsed.codeHash().isEmpty()
                && change.codeHash().orElse("").equals(rehearsed.codeHash());
    }

    /** For people: "25 h" and not "PT25H". */
    static String hours(Duration duration) {
        return duration.toHours() >= 1
                ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
                : "%d min".formatted(duration.toMinutes());
    }
}
