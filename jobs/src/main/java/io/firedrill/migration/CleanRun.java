package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.migration.Rehearsing.Ran;
import io.firedrill.migration.StateWitness.Written;
import io.firedrill.migration.Trial.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The first run of a change, as the release will make it: whether it applies, what it writes and what that costs. */
final class CleanRun {
    private final Rehearsing rehearsing;
    private final Trial trial;
    private final Grades grades;

    CleanRun(Rehearsing rehearsing, Trial trial) {
        this.rehearsing = rehearsing;
        this.trial = trial;
        this.grades = trial.grades();
    }

    /** A change that did not apply has no moment after it. */
    void run(Moment before) {
        Validators validators = rehearsing.witness().validators(rehearsing.database());
        OthersRows others = rehearsing.othersRows(trial.change());
        Ran ran = rehearsing.apply(trial.change());
        Written written = rehearsing.witness().written();
        trial.measured(measures(ran, written));
        if (!applied(ran, written)) {
            grades.untested("it does not apply");
            return;
        }
        scope(ran, written, rehearsing.othersAltered(others, trial.change(), written));
        validators(validators);
        budget(ran.took());
        trial.ran(before, rehearsing.keep(rehearsing.witness().look(written)));
    }

    private static Measures measures(Ran ran, Written written) {
        return new Measures(
                ran.took().toMillis() / 1_000.0,
                Optional.empty(),
                written.operations(),
                written.documents(),
                written.bytes(),
                written.statements(),
                written.namespaces().stream().map(Object::toString).toList());
    }

    private boolean applied(Ran ran, Written written) {
        ChangeState state = rehearsing.standing(trial.change()).state();
        boolean told = ran.endedWell() && state.isApplied();
        int rows = rehearsing.rows(trial.change());
        // Rows that are not where they are looked for cannot be taken away or counted, which would prove anything.
        if (told && rows > 0) {
            trial.recorded(rows, written.withRow());
            grades.proven(Property.APPLIES, "it ended with 0, and its row says that it is applied");
            return true;
        }
        grades.failed(
                Property.APPLIES,
                "%s; it is recorded as %s%s; %s"
                        .formatted(
                                ran.text(),
                                state,
                                told ? ", and yet %s has no row of it".formatted(rehearsing.changelog()) : "",
                                written.isNothing()
                                        ? "it left nothing behind"
                                        : "it left %s behind".formatted(written.text())),
                List.of());
        return false;
    }

    private void scope(Ran ran, Written written, List<String> others) {
        List<String> elsewhere = written.outside(rehearsing.database());
        if (elsewhere.isEmpty() && others.isEmpty()) {
            String seen = written.isNothing() ? "it wrote nothing" : "it wrote to %s".formatted(written.namespaces());
            // What it would have written there nobody has seen, and nothing keeps it from that in production.
            ran.kept()
                    .ifPresentOrElse(
                            kept -> grades.untested(Property.SCOPE, seen + "; " + kept),
                            () -> grades.proven(Property.SCOPE, seen));
            return;
        }
        var words = new ArrayList<String>();
        if (!elsewhere.isEmpty()) {
            words.add("it wrote outside the database '%s'".formatted(rehearsing.database()));
        }
        if (!others.isEmpty()) {
            words.add("it changed what %s says of other changes".formatted(rehearsing.changelog()));
        }
        grades.failed(
                Property.SCOPE,
                String.join("; ", words),
                Stream.concat(elsewhere.stream(), others.stream()).toList());
    }

    private void validators(Validators before) {
        var worse = new TreeMap<String, String>();
        Validators after = rehearsing.witness().validators(rehearsing.database());
        after.broken().forEach((namespace, count) -> {
            long earlier = before.broken().getOrDefault(namespace, 0L);
            if (count > earlier) {
                worse.put(
                        namespace.toString(),
                        "%s: %d documents break its validator, %d before".formatted(namespace, count, earlier));
            }
        });
        if (worse.isEmpty()) {
            grades.proven(
                    Property.VALIDATORS_OK,
                    "%d collections of the database have a validator"
                            .formatted(after.broken().size()));
        } else {
            grades.failed(
                    Property.VALIDATORS_OK,
                    "documents that break a validator fail at their next update",
                    List.copyOf(worse.values()));
        }
    }

    private void budget(Duration took) {
        Optional<Duration> budget = rehearsing.options().budget();
        if (budget.isEmpty()) {
            grades.untested(Property.WITHIN_BUDGET, "no budget was set");
            return;
        }
        String seen = "it took %.1f s of %d s"
                .formatted(took.toMillis() / 1_000.0, budget.get().toSeconds());
        if (took.compareTo(budget.get()) <= 0) {
            grades.proven(Property.WITHIN_BUDGET, seen);
        } else {
            grades.failed(Property.WITHIN_BUDGET, seen, List.of());
        }
    }
}
