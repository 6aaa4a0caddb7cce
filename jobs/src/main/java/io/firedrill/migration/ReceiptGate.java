package io.firedrill.migration;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides, before the first write, whether a rehearsal stands for what is about to be applied. Every refusal is a
 * {@code TARGET_REFUSED}; the ledger that the receipt was read from has to be verified before.
 */
public final class ReceiptGate {
    /** Clocks of two machines may differ by this much. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private final ReleaseTarget target;
    private final ReleaseLimits limits;
    private final Instant now;

    public ReceiptGate(ReleaseTarget target, ReleaseLimits limits, Instant now) {
        this.target = target;
        this.limits = limits;
        this.now = now;
    }

    /**
     * What has to hold whatever the receipt says.
     *
     * @return the SHA-256 of the artefact, by which its rehearsal is found
     */
    public String requireReleasable() {
        new HalfDoneGate(target, limits).requireNothingTakenBack();
        Artefact artefact = target.artefact();
        String digest = artefact.digest()
                .orElseThrow(() -> Refusal.of(
                        "there is nothing of %s to take a digest of".formatted(artefact.location()),
                        "What cannot be told from another build has no receipt: give --jar or --project."));
        List<String> drifted = target.standing().changes().stream()
                .filter(each -> each.state().isDrift() && !isRunAgain(each))
                .map(each -> each.change().id() + " " + each.state())
                .toList();
        Refusal.require(
                drifted.isEmpty(),
                "code and database have gone different ways: %s".formatted(String.join(", ", drifted)),
                "docs/MIGRATIONS.md says for each state what to do; rehearse again after that.");
        Refusal.requireUnlocked(target);
        return digest;
    }

    /**
     * Whether this is the rehearsal of just what would run now, on data that is young enough.
     *
     * @param receipt empty where the ledger has none of this artefact
     * @return what the rehearsal says of the changes that are left, in their order
     */
    public List<OfChange> admit(Optional<Receipt> receipt) {
        String digest = requireReleasable();
        Receipt found = receipt.orElseThrow(
                () -> Refusal.of(
                        "the ledger has no rehearsal of %s with the SHA-256 %s"
                                .formatted(target.artefact().location(), digest),
                        "Rehearse this very artefact: 'firedrill migrations rehearse'. Of a Spring Boot jar the configuration beside it is part."));
        requireOfThis(found, digest);
        requireGood(found);
        requireYoung(found);
        requireBackup(found);
        Refusal.requireSameServer(target, found.serverVersion(), found.runId());
        requireRehearsedAfterFailure(found);
        List<OfChange> left = left(found, target.history().isBegun(found.runId()));
        new HalfDoneGate(target, limits).requireBorne(found);
        left.forEach(each -> Refusal.requireInTime(
                each.name(), each.measures().map(Measures::seconds), limits.timeLimit(), found.runId()));
        return left;
    }

    /** One that failed is run again by the tool: its row says no more than that it ran. */
    private static boolean isRunAgain(JudgedChange change) {
        return change.state() == ChangeState.FAILED && change.willRun();
    }

    /** Then the rehearsal ran it upon what the failure had left. The row has the clock of whoever ran it, the backup that of the database. */
    private void requireRehearsedAfterFailure(Receipt receipt) {
        target.standing().changes().stream().filter(ReceiptGate::isRunAgain).forEach(failed -> {
            Optional<Instant> at = failed.recorded().flatMap(RecordedRow::at);
            Refusal.require(
                    at.isPresent()
                            && receipt.recoveryPoint()
                                    .filter(at.get().plus(SLACK)::isBefore)
                                    .isPresent(),
                    "'%s' FAILED at %s, and rehearsal %s ran on data of %s, which is not after that by more than the %d minutes that clocks may differ by"
                            .formatted(
                                    failed.change().id(),
                                    at.map(Instant::toString).orElse("a time that its row does not tell"),
                                    receipt.runId(),
                                    receipt.recoveryPoint()
                                            .map(Instant::toString)
                                            .orElse("no known moment"),
                                    SLACK.toMinutes()),
                    "Repair what it left, wait for these minutes, back up, and rehearse on that: the rehearsal runs it upon what is there.");
        });
    }

    private void requireOfThis(Receipt receipt, String digest) {
        Artefact artefact = target.artefact();
        Refusal.require(
                receipt.facts().artefactSha256().equals(digest),
                "the artefact %s has the SHA-256 %s, and rehearsal %s was of %s"
                        .formatted(
                                artefact.location(),
                                digest,
                                receipt.runId(),
                                receipt.facts().artefactSha256()),
                "Apply what was rehearsed, or rehearse this. Of a Spring Boot jar the configuration beside it is part.");
        Refusal.require(
                receipt.facts().tool().equals(artefact.tool())
                        && receipt.facts().database().equals(target.database()),
                "rehearsal %s was of %s in the database '%s', and this is %s in '%s'"
                        .formatted(
                                receipt.runId(),
                                receipt.facts().tool(),
                                receipt.facts().database(),
                                artefact.tool(),
                                target.database()),
                "Rehearse for the database that the changes are applied to.");
        Refusal.require(
                receipt.facts().toolVersion().equals(artefact.version().orElse("")),
                "rehearsal %s ran %s '%s', and this is '%s'"
                        .formatted(
                                receipt.runId(),
                                artefact.tool(),
                                receipt.facts().toolVersion(),
                                artefact.version().orElse("")),
                "Rehearse with the version of the tool that is to apply it.");
        Refusal.requireSteeredAlike(target, receipt);
    }

    private void requireGood(Receipt receipt) {
        Refusal.require(
                receipt.outcome() == Outcome.PASSED,
                "rehearsal %s came to %s".formatted(receipt.runId(), receipt.outcome()),
                "'firedrill evidence show' tells what did not hold; mend it and rehearse again.");
        receipt.rejection().ifPresent(words -> {
            throw Refusal.of(
                    "rehearsal %s was %s".formatted(receipt.runId(), words),
                    "'firedrill evidence show' tells why; who rejected it can approve it, or rehearse again.");
        });
        Refusal.require(
                receipt.facts().full() || limits.quickEnough(),
                "rehearsal %s was a quick one: no run was cut off in it".formatted(receipt.runId()),
                "Rehearse without --quick, or say --accept-quick.");
        receipt.facts().changes().stream()
                .filter(change -> change.grade(Property.APPLIES.name()) != Grade.PROVEN)
                .findFirst()
                .ifPresent(change -> {
                    throw Refusal.of(
                            "rehearsal %s did not show that '%s' applies".formatted(receipt.runId(), change.id()),
                            "Mend it and rehearse again.");
                });
    }

    private void requireYoung(Receipt receipt) {
        Duration age = Duration.between(receipt.finishedAt(), now);
        Refusal.require(
                age.compareTo(limits.receiptAge()) <= 0 && age.plus(SLACK).isPositive(),
                "rehearsal %s ended at %s, %s ago; it may be %s old"
                        .formatted(
                                receipt.runId(),
                                receipt.finishedAt(),
                                Refusal.hours(age),
                                Refusal.hours(limits.receiptAge())),
                "Rehearse again, on a new backup; --receipt-age says how old a receipt may be.");
        Instant point = receipt.recoveryPoint()
                .orElseThrow(() -> Refusal.of(
                        "rehearsal %s does not say which moment it ran on".formatted(receipt.runId()),
                        "Rehearse again."));
        Duration behind = Duration.between(point, receipt.startedAt());
        Refusal.require(
                behind.compareTo(limits.backupAge()) <= 0,
                "rehearsal %s ran on data of %s, which was %s old by then; it may be %s"
                        .formatted(receipt.runId(), point, Refusal.hours(behind), Refusal.hours(limits.backupAge())),
                "Back up, and rehearse on that; --backup-age says how old data may be.");
    }

    private void requireBackup(Receipt receipt) {
        Refusal.requireSameSource(target, receipt.replicaSetId(), "the backup of rehearsal " + receipt.runId());
        ReleaseTarget.Sealed backup = target.backup()
                .orElseThrow(
                        () -> Refusal.of("there is no sealed backup of the target", "Run 'firedrill backup' first."));
        Refusal.requireSameSource(target, backup.replicaSetId(), "the newest backup " + backup.id());
        Duration age = Duration.between(backup.recoveryPoint(), now);
        Refusal.require(
                age.compareTo(limits.backupAge()) <= 0 && age.plus(SLACK).isPositive(),
                "the newest backup %s shows %s, %s ago; it may be %s old"
                        .formatted(
                                backup.id(),
                                backup.recoveryPoint(),
                                Refusal.hours(age),
                                Refusal.hours(limits.backupAge())),
                "Run 'firedrill backup' first; --backup-age says how old it may be.");
    }

    /** All of the receipt's changes in their order; or what an apply by this receipt that was cut off has left. */
    private List<OfChange> left(Receipt receipt, boolean continued) {
        List<OfChange> rehearsed = receipt.facts().changes();
        List<OfChange> left =
                rehearsed.stream().filter(each -> !continued || !isDone(each)).toList();
        List<JudgedChange> pending = target.pending();
        boolean same = pending.size() == left.size();
        for (int i = 0; same && i < left.size(); i++) {
            same = Refusal.isSame(pending.get(i).change(), left.get(i));
        }
        Refusal.require(
                same,
                "pending now is %s, and rehearsal %s was of %s"
                        .formatted(
                                names(pending.stream()
                                        .map(each -> each.change().id())
                                        .toList()),
                                receipt.runId(),
                                names(rehearsed.stream().map(OfChange::id).toList())),
                "Somebody applied, added or edited changes since: back up and rehearse again.");
        return left;
    }

    private boolean isDone(OfChange rehearsed) {
        return target.standing().changes().stream()
                .anyMatch(each ->
                        Refusal.isSame(each.change(), rehearsed) && each.state().isApplied() && !each.willRun());
    }

    private static String names(List<String> ids) {
        return ids.isEmpty() ? "nothing" : ids.stream().collect(Collectors.joining(", ", "[", "]"));
    }
}
