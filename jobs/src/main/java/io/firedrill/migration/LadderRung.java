package io.firedrill.migration;

import io.firedrill.migration.Rehearsing.Ran;
import io.firedrill.migration.StateWitness.Compared;
import io.firedrill.migration.StateWitness.Written;
import io.firedrill.migration.Trial.Moment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One change taken back, and applied again. */
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
     * From the moment after it to the moment before it, by the tool's own rollback, and up again upon what that has left. Each
     * rung begins where the change had come to, so that none is to blame for another.
     */
    void climb() {
        rehearsing.putBack(trial.after());
        if (trial.change().rollback() == Rollback.NONE) {
            none("NONE: there is no code to take it back");
        } else {
            revert();
        }
        if (grades.isProven(Property.ROLLBACK)) {
            applyAgain();
        } else {
            grades.untested(Property.REAPPLY, "it was not taken back");
        }
    }

    private void revert() {
        OthersRows others = rehearsing.othersRows(trial.change());
        Ran ran = rehearsing.revert(trial.change());
        scope(others, rehearsing.witness().written());
        ran.kept()
                .filter(_ -> grades.isProven(Property.SCOPE))
                .ifPresent(kept -> grades.untested(Property.SCOPE, "taking it back: " + kept));
        ran.end().ifPresent(end -> trial.tookBackIn(end.took().toMillis() / 1_000.0));
        Compared compared = rehearsing.compare(trial.before());
        boolean pending = rehearsing.willRun(trial.change());
        if (compared.isEqual() && pending && ran.endedWell()) {
            grades.proven(Property.ROLLBACK, compared.isExact() ? "EXACT" : "CANONICAL: " + compared.text());
        } else if (compared.isEqual()) {
            grades.failed(
                    Property.ROLLBACK,
                    "the data is as it was before, but %s (it %s)"
                            .formatted(
                                    pending ? "its run did not end well" : "it is still recorded as applied",
                                    ran.text()),
                    List.of());
        } else if (trial.change().rollback() == Rollback.EMPTY) {
            none("NONE: its rollback does nothing, and %s".formatted(compared.text()));
        } else {
            grades.failed(
                    Property.ROLLBACK,
                    "LOSSY: %s (it %s)".formatted(compared.text(), ran.text()),
                    rehearsing.witness().differences(trial.before(), compared));
        }
    }

    /** To take it back has its scope too; what its run has shown of that is told first. */
    private void scope(OthersRows before, Written written) {
        List<String> elsewhere = written.outside(rehearsing.database());
        List<String> others = rehearsing.othersAltered(before, trial.change(), written);
        if ((elsewhere.isEmpty() && others.isEmpty()) || !grades.isProven(Property.SCOPE)) {
            return;
        }
        grades.failed(
                Property.SCOPE,
                others.isEmpty()
                        ? "its rollback wrote outside the database '%s'".formatted(rehearsing.database())
                        : "its rollback changed what %s says of other changes".formatted(rehearsing.changelog()),
                Stream.concat(elsewhere.stream(), others.stream()).toList());
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
    private void applyAgain() {
        Moment after = trial.after();
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
    }
}
