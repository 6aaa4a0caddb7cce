package io.firedrill.retention;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.retention.Decision.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A decision about every backup, oldest first.
 *
 * @param asked whether single backups were asked for; the decisions about all others then mean that they are left alone
 */
public record RetentionPlan(List<Decision> decisions, boolean asked, Duration grace, Instant now) {
    public RetentionPlan {
        decisions = List.copyOf(decisions);
    }

    public List<Decision> with(Fate fate) {
        return decisions.stream().filter(decision -> decision.fate() == fate).toList();
    }

    /** Why the run is refused, if it is. */
    public Optional<Failure> refusal() {
        List<Decision> refused = with(Fate.REFUSE);
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        String which = refused.stream()
                .map(decision -> decision.id() + " (" + decision.why() + ")")
                .collect(Collectors.joining("; "));
        return Optional.of(new Failure(
                FailureKind.TARGET_REFUSED,
                "prune would delete what must stay: " + which,
                "Nothing was marked or deleted. Prove a newer backup with 'firedrill drill', release a hold that is over,"
                        + " or keep more."));
    }

    /** What has been marked for as long as the grace period, or longer. */
    public List<BackupId> due() {
        return with(Fate.DELETE).stream()
                .filter(decision -> decision.backup()
                        .mark()
                        .filter(mark -> isOver(mark.at()))
                        .isPresent())
                .map(Decision::id)
                .toList();
    }

    /** What is to be marked: what goes and has no mark, or one of the policy that its request has to outlive. */
    public List<BackupId> unmarkedYet() {
        return with(Fate.DELETE).stream()
                .filter(Decision::needsMark)
                .map(Decision::id)
                .toList();
    }

    /** What keeps its life after all; a run that was asked for single backups decides about no other. */
    public List<BackupId> marksToTakeOff() {
        return asked
                ? List.of()
                : with(Fate.KEEP).stream()
                        .filter(decision -> decision.backup().mark().isPresent())
                        .map(Decision::id)
                        .toList();
    }

    /** When the grace period of what goes is over, be it marked now. */
    public Instant deletedAfter(Decision decision) {
        return decision.backup().mark().map(Notice::at).orElse(now).plus(grace);
    }

    /** Whether the grace period of what happened then is over. */
    boolean isOver(Instant since) {
        return !since.plus(grace).isAfter(now);
    }
}
