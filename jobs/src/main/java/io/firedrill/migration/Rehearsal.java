package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Rehearsing.Watch;
import io.firedrill.migration.Trial.Moment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Runs what is pending on a copy as the release will, takes it back, applies it again, and runs it twice. What came of each
 * is told from the copy's digests and its oplog, never from what a tool said of itself.
 *
 * <p>The steps are to be called in the order in which they stand here. Not safe for use by several threads.
 */
public final class Rehearsal {
    /** What is told by a comparison, and so says nothing of a change that found nothing to do on this copy. */
    private static final List<Property> COMPARED = Stream.concat(
                    Stream.of(Property.ROLLBACK, Property.REAPPLY, Property.RERUN_SAFE),
                    DisturbedRuns.PROPERTIES.stream())
            .toList();

    private final MigrationSource source;
    private final Rehearsing rehearsing;
    private final List<Trial> trials;

    /**
     * @param database that the changes are for
     * @param clock this machine's
     * @param nanoTime the monotonic clock
     * @param lanes how many collections are read at a time
     * @param checkpoint called often; throws when the rehearsal must not go on
     */
    public Rehearsal(
            MigrationSource source,
            ChangeRunner runner,
            RehearsalStage stage,
            String database,
            RehearsalOptions options,
            InstantSource clock,
            LongSupplier nanoTime,
            int lanes,
            Runnable checkpoint) {
        this.source = source;
        this.rehearsing =
                new Rehearsing(source, runner, stage, database, options, new Watch(clock, nanoTime, lanes, checkpoint));
        this.trials = rehearsing.pending().stream()
                .map(change -> new Trial(change, options.accepted()))
                .toList();
    }

    /** Runs every pending change once, in order. One that fails ends it: what comes after stands upon it. */
    public void apply() {
        if (trials.isEmpty()) {
            return;
        }
        Moment before = rehearsing.keep(rehearsing.witness().readAll());
        if (rehearsing.findsItsOwnWay()) {
            new LockProbe(rehearsing, trials.getFirst().change()).run(before);
        }
        Optional<String> stuck = Optional.empty();
        for (Trial trial : trials) {
            rehearsing.checkpoint();
            if (stuck.isPresent()) {
                trial.grades().untested(stuck.get());
                continue;
            }
            new CleanRun(rehearsing, trial).run(before);
            if (trial.hasRun()) {
                before = trial.after();
            } else {
                stuck = Optional.of("'%s' comes before it and did not apply"
                        .formatted(trial.change().id()));
            }
        }
    }

    /** Takes every change back, from the last to the first, holds each rung against what was there before, and applies it again. */
    public void rollBack() {
        for (Trial trial : ran().reversed()) {
            rehearsing.checkpoint();
            new LadderRung(rehearsing, trial).climb();
        }
    }

    /** Runs each change twice: once without its row, as after a crash at the worst point, and once with it. */
    public void rerun() {
        for (Trial trial : ran()) {
            rehearsing.checkpoint();
            new SecondRun(rehearsing, trial).run();
        }
    }

    /** Runs each change beside somebody who reads and writes, cuts it off at its writes, runs two of it at once, and pauses one past its lease. */
    public void disturb() {
        for (Trial trial : ran()) {
            rehearsing.checkpoint();
            new ProbedRun(rehearsing, trial).run();
            new DisturbedRuns(rehearsing, trial).run();
        }
    }

    /**
     * Makes the one cut again that the options name, and tests nothing else.
     *
     * @throws io.firedrill.failure.Failure if there is no such change or no such write
     */
    public void cut() {
        ChangeCut asked = rehearsing.options().only().orElseThrow();
        Trial trial = trials.stream()
                .filter(each -> each.change().id().equals(asked.id()))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "'%s' is not pending on this backup, so it cannot be cut off".formatted(asked.id()),
                        "'firedrill migrations list' shows what is pending; --backup names another backup."));
        if (trial.hasRun()) {
            new DisturbedRuns(rehearsing, trial).again(asked.cut());
        }
    }

    /** How long after a crash another runner was at work, the wait for the lock included; empty where that was not seen. */
    public Optional<Duration> takeover() {
        return rehearsing.takeover();
    }

    /** What is known by now. */
    public RehearsalFacts facts() {
        Artefact artefact = source.artefact();
        return new RehearsalFacts(
                        artefact.tool(),
                        artefact.version().orElse(""),
                        artefact.location(),
                        // A receipt is of an artefact; of one cut there is none.
                        rehearsing.options().only().isPresent()
                                ? ""
                                : artefact.digest().orElse(""),
                        rehearsing.database(),
                        rehearsing.options().full(),
                        trials.stream().map(Trial::facts).toList())
                .steeredBy(artefact.options());
    }

    /** Nothing more will be tested: what was not has to say why. */
    public void close() {
        String why = rehearsing
                .options()
                .only()
                .map(asked -> "nothing but %s was asked for".formatted(asked.name()))
                .orElse(rehearsing.options().full() ? "it did not come to that" : "a quick rehearsal leaves it out");
        trials.forEach(trial -> {
            trial.grades().untested(why);
            if (trial.wroteNothing()) {
                COMPARED.forEach(property -> trial.grades().doubt(property));
            }
        });
    }

    private List<Trial> ran() {
        return trials.stream().filter(Trial::hasRun).toList();
    }
}
