package io.firedrill.migration;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.migration.ReleaseHistory.HalfDone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides whether a release may go on upon what an earlier one has left half done. Every refusal names the way back. */
final class HalfDoneGate {
    private final ReleaseTarget target;
    private final ReleaseLimits limits;

    HalfDoneGate(ReleaseTarget target, ReleaseLimits limits) {
        this.target = target;
        this.limits = limits;
    }

    private List<HalfDone> halfDone(boolean applying) {
        return target.halfDone().stream()
                .filter(half -> half.by().applying() == applying)
                .filter(half -> !limits.repaired().contains(half.change().id()))
                .toList();
    }

    /** To apply upon a change that is half taken back is what nobody has rehearsed. */
    void requireNothingTakenBack() {
        halfDone(false).forEach(half -> {
            throw Refusal.of(
                    half.text(),
                    ("Take it back to its end: 'firedrill migrations rollback --last --repaired %s=REASON', if its rollback bears that;"
                                    + " or restore to the moment before: %s; or %s.")
                            .formatted(half.change().id(), half.restore(), repaired(half)));
        });
    }

    /** To run a change again upon what it left: the receipt has to say that it bears it, or has run it upon that. */
    void requireBorne(Receipt receipt) {
        halfDone(true).stream().filter(half -> !isRehearsedUpon(half, receipt)).forEach(half -> {
            Optional<Grade> grade = grade(half, receipt);
            Refusal.require(
                    // One that was accepted has been seen to do harm: whoever knows better says that it is repaired.
                    grade.filter(each -> each == Grade.PROVEN).isPresent(),
                    "%s, and rehearsal %s did not prove that it can be run again after a crash: %s is %s, and a backup shows all that it left from %s on"
                            .formatted(
                                    half.text(),
                                    receipt.runId(),
                                    Property.CRASH_SAFE,
                                    grade.map(Grade::name).orElse("not known of this code"),
                                    half.over(limits.timeLimit())),
                    "Restore to the moment before: %s; or repair what it left, back up and rehearse on that; or %s."
                            .formatted(half.restore(), repaired(half)));
        });
    }

    /** Whether its backup shows what was left; both moments are told by the database that it is of. */
    private boolean isRehearsedUpon(HalfDone half, Receipt receipt) {
        Instant over = half.over(limits.timeLimit());
        return receipt.recoveryPoint().filter(at -> !at.isBefore(over)).isPresent();
    }

    private static Optional<Grade> grade(HalfDone half, Receipt receipt) {
        return receipt.facts().changes().stream()
                .filter(each -> each.name().equals(half.change().name())
                        && each.codeHash().equals(half.change().codeHash()))
                .map(each -> each.grade(Property.CRASH_SAFE.name()))
                .findFirst();
    }

    /** No rehearsal has taken anything back upon what is half done. */
    void requireWhole() {
        halfDone(true).forEach(half -> {
            throw Refusal.of(
                    half.text(),
                    "Apply again, which goes on with it; or restore to the moment before: %s; or %s."
                            .formatted(half.restore(), repaired(half)));
        });
        halfDone(false).forEach(half -> {
            throw Refusal.of(
                    half.text(),
                    "Restore to the moment before: %s; or look whether its rollback bears to be run again upon that, and %s."
                            .formatted(half.restore(), repaired(half)));
        });
    }

    private static String repaired(HalfDone half) {
        return "if nothing half done of it is left, say so with --repaired '%s=REASON', which the record quotes"
                .formatted(half.change().id());
    }
}
