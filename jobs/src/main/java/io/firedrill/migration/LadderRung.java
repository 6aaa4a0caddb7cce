package io.firedrill.migration;

import io.firedrill.migration.Rehearsing.Ran;
import io.firedrill.migration.StateWitness.Compared;
import io.firedrill.migration.Trial.Moment;
import java.util.List;
import java.util.Optional;

/** One change on the way down to where everything began, and up again. */
final class LadderRung {
    private final Rehearsing rehearsing;
    private final Trial trial;
    private final Grades grades;

    LadderRung(Rehearsing rehearsing, Trial trial) {
        this.rehearsing = rehearsing;
        this.trial = trial;
        this.grades = trial.grades();
    }

    /**
     * From the moment after it to the moment before it, by the tool's own rollback. Where that is not exactly what was there,
     * the copy is put back: the next rung is not to blame for it.
     */
    void takeBack() {
        boolean exact = false;
        if (trial.change().rollback() == Rollback.NONE) {
            none("NONE: there is no code to take it back");
        } else {
            exact = revert();
        }
        if (!exact) {
            rehearsing.putBack(trial.before());
        }
    }

    private boolean revert() {
        Ran ran = rehearsing.revert(trial.change());
        trial.tookBackIn(ran.took().toMillis() / 1_000.0);
        Compared compared = rehearsing.compare(trial.before());
        boolean pending = rehearsing.willRun(trial.change());
        if (compared.isEqual() && pending) {
            grades.proven(Property.ROLLBACK, compared.isExact() ? "EXACT" : "CANONICAL: " + compared.text());
        } else if (compared.isEqual()) {
            grades.failed(
                    Property.ROLLBACK,
                    "the data is as it was before, but it is still recorded as applied (%s)".formatted(ran.text()),
                    List.of());
        } else if (trial.change().rollback() == Rollback.EMPTY) {
            none("NONE: its rollback does nothing, and %s".formatted(compared.text()));
        } else {
            grades.failed(
                    Property.ROLLBACK,
                    "LOSSY: %s (it %s)".formatted(compared.text(), ran.text()),
                    rehearsing.witness().differences(trial.before(), compared));
        }
        return compared.isExact() && pending;
    }

    /** Whoever says why a change needs no rollback answers for that. */
    private void none(String why) {
        Optional<String> reason = Optional.ofNullable(
                rehearsing.options().withoutRollback().get(trial.change().id()));
        reason.ifPresentOrElse(
                given -> grades.untested(Property.ROLLBACK, "%s; accepted: %s".formatted(why, given)),
                () -> grades.failed(Property.ROLLBACK, why, List.of()));
    }

    /** From the moment before it, as its rollback has left it, to the moment after it. */
    void applyAgain() {
        Moment after = trial.after();
        if (!grades.isProven(Property.ROLLBACK)) {
            grades.untested(Property.REAPPLY, "it was not taken back");
            rehearsing.putBack(after);
            return;
        }
        Ran ran = rehearsing.apply(trial.change());
        Compared compared = rehearsing.compare(after);
        boolean applied = rehearsing.isApplied(trial.change());
        if (ran.endedWell() && applied && compared.isEqual()) {
            grades.proven(Property.REAPPLY, compared.text());
            return;
        }
        grades.failed(
                Property.REAPPLY,
                ran.endedWell() && applied ? compared.text() : "it %s; %s".formatted(ran.text(), compared.text()),
                rehearsing.witness().differences(after, compared));
        rehearsing.putBack(after);
    }
}
