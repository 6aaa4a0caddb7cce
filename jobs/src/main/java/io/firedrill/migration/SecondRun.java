package io.firedrill.migration;

import io.firedrill.migration.Rehearsing.Ran;
import io.firedrill.migration.StateWitness.Compared;
import io.firedrill.migration.StateWitness.Written;
import io.firedrill.migration.Trial.Moment;
import java.util.List;

/** A change that is run once more: with its work done and no row, as a crash leaves it, and with both. */
final class SecondRun {
    private final Rehearsing rehearsing;
    private final Trial trial;
    private final Grades grades;

    SecondRun(Rehearsing rehearsing, Trial trial) {
        this.rehearsing = rehearsing;
        this.trial = trial;
        this.grades = trial.grades();
    }

    void run() {
        Moment after = trial.after();
        rehearsing.putBack(after);
        if (!recorded()) {
            rehearsing.putBack(after);
        }
        unrecorded(after);
    }

    /** Whether that left the data as it was. */
    private boolean recorded() {
        Ran ran = rehearsing.apply(trial.change());
        Written written = rehearsing.witness().written();
        int rows = rehearsing.rows(trial.change());
        if (trial.change().runAlways()) {
            grades.untested(Property.RECORDED_ONCE, "it runs each time");
        } else if (!ran.endedWell()) {
            grades.failed(Property.RECORDED_ONCE, "the second run %s".formatted(ran.text()), List.of());
        } else if (!written.isNothing()) {
            grades.failed(Property.RECORDED_ONCE, "a second run wrote %s".formatted(written.text()), List.of());
        } else if (rows != trial.rows()) {
            grades.failed(
                    Property.RECORDED_ONCE,
                    "it had %d rows after its run, and %d after a second".formatted(trial.rows(), rows),
                    List.of());
        } else {
            grades.proven(Property.RECORDED_ONCE, "a second run wrote nothing, and left its row as it was");
        }
        return ran.endedWell() && written.isNothing();
    }

    private void unrecorded(Moment after) {
        rehearsing.forget(trial.change());
        Ran ran = rehearsing.apply(trial.change());
        Compared compared = rehearsing.compare(after);
        if (ran.endedWell() && rehearsing.isApplied(trial.change()) && compared.isEqual()) {
            grades.proven(Property.RERUN_SAFE, compared.text());
        } else if (trial.isWithRow()) {
            grades.proven(
                    Property.RERUN_SAFE,
                    "its work and its row came about in one transaction, so no crash leaves the one without the other");
        } else {
            grades.failed(
                    Property.RERUN_SAFE,
                    ran.endedWell() ? compared.text() : "the second run %s; %s".formatted(ran.text(), compared.text()),
                    rehearsing.witness().differences(after, compared));
        }
    }
}
