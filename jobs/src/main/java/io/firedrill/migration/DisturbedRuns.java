package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.migration.CrashTrial.Crash;
import io.firedrill.migration.FrozenRunner.Thaw;
import io.firedrill.migration.StateWitness.Compared;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs a change again and again from where it began, each time disturbed at another write, and holds what comes of it against the
 * run that was not.
 */
final class DisturbedRuns {
    /** Beyond the lease, so that whoever waits for the lock has it by then. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Rehearsing rehearsing;
    private final Trial trial;
    private final Grades grades;
    private final TrialSubject subject;

    DisturbedRuns(Rehearsing rehearsing, Trial trial) {
        this.rehearsing = rehearsing;
        this.trial = trial;
        this.grades = trial.grades();
        this.subject = rehearsing.subject(trial.change());
    }

    /** What came of one disturbance: nothing, where it could not be made. */
    private record Seen(String name, Optional<String> untested, Optional<String> fault, List<String> differences) {}

    void run() {
        WritesSeen clean = from(subject::count).seen();
        grade(Property.CRASH_SAFE, CutPoints.crashes(clean), this::crash);
        grade(Property.ACK_LOST_SAFE, CutPoints.lostAnswers(clean), this::crash);
        together();
        frozen(clean);
    }

    private <T> T from(Supplier<T> run) {
        rehearsing.checkpoint();
        rehearsing.putBack(trial.before());
        return run.get();
    }

    /** What a disturbance does. */
    private interface Disturbance {
        Seen at(Cut cut);
    }

    private void grade(Property property, List<Cut> cuts, Disturbance disturbance) {
        List<Seen> seen = cuts.stream()
                .map(cut -> tried(cut.name(), () -> disturbance.at(cut)))
                .toList();
        List<Seen> faults =
                seen.stream().filter(each -> each.fault().isPresent()).toList();
        List<Seen> untested =
                seen.stream().filter(each -> each.untested().isPresent()).toList();
        int good = seen.size() - faults.size() - untested.size();
        if (!faults.isEmpty()) {
            Seen first = faults.getFirst();
            grades.failed(
                    property,
                    "%d/%d; %s: %s"
                            .formatted(
                                    good,
                                    seen.size(),
                                    first.name(),
                                    first.fault().orElseThrow()),
                    first.differences());
        } else if (untested.isEmpty() && !seen.isEmpty()) {
            grades.proven(
                    property,
                    "%d/%d: %s"
                            .formatted(
                                    good,
                                    seen.size(),
                                    String.join(
                                            ", ", seen.stream().map(Seen::name).toList())));
        } else {
            grades.untested(
                    property,
                    seen.isEmpty()
                            ? "it writes nothing that a run could be cut off at"
                            : "%d/%d; %s"
                                    .formatted(
                                            good,
                                            seen.size(),
                                            untested.getFirst().untested().orElseThrow()));
        }
    }

    /** That a run does not come to an end is what there was to find out. */
    private Seen tried(String name, Supplier<Seen> attempt) {
        try {
            return attempt.get();
        } catch (Failure failure) {
            rehearsing.rethrowIfOurs(failure);
            return new Seen(name, Optional.empty(), Optional.of(failure.text()), List.of());
        }
    }

    private Seen crash(Cut cut) {
        var trials = new CrashTrial(subject);
        Crash crash = from(() -> trials.crash(cut));
        if (crash.notTested().isPresent()) {
            return new Seen(cut.name(), crash.notTested(), Optional.empty(), List.of());
        }
        if (crash.ended().end().code() != 0 || !rehearsing.isApplied(trial.change())) {
            takeOver(trials, crash);
        }
        return judged(cut.name());
    }

    /** How long its successor waits is measured once; afterwards the lock of the dead is taken away by hand. */
    private void takeOver(CrashTrial trials, Crash crash) {
        if (rehearsing.takeover().isEmpty()) {
            trials.resume(crash).takeover().ifPresent(rehearsing::tookOverIn);
        } else {
            rehearsing.unlock();
            trials.resume(crash);
        }
    }

    private Seen judged(String name) {
        Compared compared = rehearsing.compare(trial.after());
        boolean recorded = rehearsing.isApplied(trial.change())
                && (trial.change().runAlways() || rehearsing.rows(trial.change()) >= trial.rows());
        if (compared.isEqual() && recorded) {
            return new Seen(name, Optional.empty(), Optional.empty(), List.of());
        }
        String fault = compared.isEqual() ? "the data is right, but it is not recorded as applied" : compared.text();
        return new Seen(
                name, Optional.empty(), Optional.of(fault), rehearsing.witness().differences(trial.after(), compared));
    }

    private void together() {
        Seen seen = tried("two at once", () -> {
            from(() -> new TwoRunners(subject).run());
            return judged("two at once");
        });
        int rows = rehearsing.rows(trial.change());
        if (seen.fault().isPresent()) {
            grades.failed(Property.SINGLE_EXECUTION, seen.fault().get(), seen.differences());
        } else if (rows != trial.rows() && !trial.change().runAlways()) {
            grades.failed(
                    Property.SINGLE_EXECUTION,
                    "two runners left %d rows, one leaves %d".formatted(rows, trial.rows()),
                    List.of());
        } else {
            grades.proven(Property.SINGLE_EXECUTION, "two runners at once came to what one comes to");
        }
    }

    private void frozen(WritesSeen clean) {
        if (clean.data() == 0) {
            grades.untested(Property.FENCED, "it writes no data that it could be paused at");
            return;
        }
        Duration hold = rehearsing.options().lease().plus(MARGIN);
        Seen seen = tried("paused", () -> {
            Thaw thaw = from(() -> new FrozenRunner(subject).run(Math.ceilDiv(clean.data(), 2), hold));
            return thaw.notTested().isPresent()
                    ? new Seen("paused", thaw.notTested(), Optional.empty(), List.of())
                    : judged("paused");
        });
        if (seen.fault().isPresent()) {
            grades.failed(Property.FENCED, seen.fault().get(), seen.differences());
        } else if (seen.untested().isPresent()) {
            grades.untested(Property.FENCED, seen.untested().get());
        } else {
            grades.proven(
                    Property.FENCED, "paused for %d s in the middle, while another ran".formatted(hold.toSeconds()));
        }
    }
}
