package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.CrashTrial.Crash;
import io.firedrill.migration.CrashTrial.Resumption;
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
    static final List<Property> PROPERTIES =
            List.of(Property.CRASH_SAFE, Property.ACK_LOST_SAFE, Property.SINGLE_EXECUTION, Property.FENCED);

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

    /** What a disturbance showed, before anybody looks at the data: it could not be made, or a run ended as none may. */
    private record Tried(Optional<String> untested, Optional<String> fault) {
        static final Tried DONE = new Tried(Optional.empty(), Optional.empty());
    }

    /** What came of one disturbance: nothing, where it could not be made. */
    private record Seen(String name, Optional<String> untested, Optional<String> fault, List<String> differences) {}

    void run() {
        Optional<WritesSeen> clean = counted();
        clean.ifPresent(writes -> {
            grade(Property.CRASH_SAFE, CutPoints.crashes(writes));
            grade(Property.ACK_LOST_SAFE, CutPoints.lostAnswers(writes));
            together();
            frozen(writes);
        });
    }

    /** One of them only, which somebody has named. */
    void again(Cut cut) {
        Optional<WritesSeen> clean = counted();
        clean.ifPresent(writes -> {
            requireReached(cut, writes);
            switch (cut.mode()) {
                case ANSWER_LOST -> grade(Property.ACK_LOST_SAFE, List.of(cut));
                case FREEZE -> frozen(cut.number());
                default -> grade(Property.CRASH_SAFE, List.of(cut));
            }
        });
    }

    /** A write that never comes would prove nothing, whatever came of it. */
    private void requireReached(Cut cut, WritesSeen writes) {
        long there = cut.at() == WriteKind.DATA ? writes.data() : writes.rows();
        if (cut.number() > there) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' has %d data writes and %d writes of rows, so there is no %s"
                            .formatted(trial.change().id(), writes.data(), writes.rows(), cut.name()),
                    "Name one that it comes to.");
        }
    }

    /** Of two runs that nobody disturbed and that differ, nothing can be told from a third that was. */
    private Optional<WritesSeen> counted() {
        rehearsing.putBack(trial.before());
        try {
            ProxiedEnd ended = subject.count();
            Compared compared = rehearsing.compare(trial.after());
            if (ended.end().code() != 0) {
                none("run once more, undisturbed, it ended with %d"
                        .formatted(ended.end().code()));
                return Optional.empty();
            }
            if (compared.isEqual()) {
                return Optional.of(ended.seen());
            }
            none("two undisturbed runs differ, such as by ids and times of their own: " + compared.text());
        } catch (Failure failure) {
            rehearsing.rethrowIfOurs(failure);
            none("its writes could not be counted: " + failure.text());
        }
        return Optional.empty();
    }

    private void none(String why) {
        PROPERTIES.forEach(each -> grades.untested(each, why));
    }

    private void grade(Property property, List<Cut> cuts) {
        List<Seen> seen =
                cuts.stream().map(cut -> seen(cut.name(), () -> crash(cut))).toList();
        List<Seen> faults =
                seen.stream().filter(each -> each.fault().isPresent()).toList();
        List<Seen> untested =
                seen.stream().filter(each -> each.untested().isPresent()).toList();
        String share = "%d/%d".formatted(seen.size() - faults.size() - untested.size(), seen.size());
        if (!faults.isEmpty()) {
            Seen first = faults.getFirst();
            grades.failed(
                    property,
                    "%s; %s: %s%s".formatted(share, first.name(), first.fault().orElseThrow(), alsoFailed(faults)),
                    first.differences());
        } else if (seen.isEmpty()) {
            grades.untested(property, "it writes nothing that a run could be cut off at");
        } else if (!untested.isEmpty()) {
            grades.untested(
                    property,
                    "%s; %s".formatted(share, untested.getFirst().untested().orElseThrow()));
        } else {
            String names = String.join(", ", seen.stream().map(Seen::name).toList());
            grades.proven(property, "%s: %s".formatted(share, names));
        }
    }

    /** Each of them can be made again by its name. */
    private static String alsoFailed(List<Seen> faults) {
        return faults.size() == 1
                ? ""
                : "; also "
                        + String.join(
                                ", ", faults.stream().skip(1).map(Seen::name).toList());
    }

    /** That a run of the tool does not come to its end is what there was to find out; to put back and to judge is ours. */
    private Seen seen(String name, Supplier<Tried> disturbance) {
        rehearsing.checkpoint();
        rehearsing.putBack(trial.before());
        Tried tried;
        try {
            tried = disturbance.get();
        } catch (Failure failure) {
            rehearsing.rethrowIfOurs(failure);
            tried = new Tried(Optional.empty(), Optional.of(failure.text()));
        }
        if (tried.untested().isPresent()) {
            return new Seen(name, tried.untested(), Optional.empty(), List.of());
        }
        return judged(name, tried.fault());
    }

    private Seen judged(String name, Optional<String> fault) {
        Compared compared = rehearsing.compare(trial.after());
        if (!compared.isEqual()) {
            List<String> differences = rehearsing.witness().differences(trial.after(), compared);
            return new Seen(name, Optional.empty(), Optional.of(compared.text()), differences);
        }
        if (fault.isPresent() || !rehearsing.isApplied(trial.change())) {
            String why = fault.orElse("it is not recorded as applied");
            return new Seen(name, Optional.empty(), Optional.of("the data is right, but " + why), List.of());
        }
        return new Seen(name, Optional.empty(), Optional.empty(), List.of());
    }

    private Tried crash(Cut cut) {
        var trials = new CrashTrial(subject);
        Crash crash = trials.crash(cut);
        if (crash.notTested().isPresent()) {
            return new Tried(crash.notTested(), Optional.empty());
        }
        boolean through = crash.ended().end().code() == 0 && rehearsing.isApplied(trial.change());
        return through ? Tried.DONE : resumed(takeOver(trials, crash));
    }

    private static Tried resumed(RunEnd end) {
        return end.code() == 0
                ? Tried.DONE
                : new Tried(Optional.empty(), Optional.of("the run after it " + end.text()));
    }

    /**
     * How long its successor waits is measured once; afterwards, and where nobody but the server's TTL monitor would, the lock of
     * the dead is taken away by hand.
     */
    private RunEnd takeOver(CrashTrial trials, Crash crash) {
        if (rehearsing.takeover().isEmpty()) {
            Resumption waited = trials.resume(crash);
            if (waited.takeover().isPresent()) {
                rehearsing.tookOverIn(waited.takeover().get());
                return waited.ended().end();
            }
        }
        rehearsing.unlock();
        return trials.resume(crash).ended().end();
    }

    private void together() {
        if (!rehearsing.hasLock()) {
            grades.untested(Property.SINGLE_EXECUTION, "the tool has no lock: nothing keeps two runs apart");
            return;
        }
        Seen seen = seen("two at once", () -> {
            boolean met = new TwoRunners(subject).run().met();
            return met
                    ? Tried.DONE
                    : new Tried(Optional.of("the two did not meet at the tool's lock"), Optional.empty());
        });
        single(
                Property.SINGLE_EXECUTION,
                seen,
                "two runners that came to the lock at the same moment came to what one comes to");
    }

    private void frozen(WritesSeen clean) {
        if (clean.data() == 0) {
            grades.untested(Property.FENCED, "it writes no data that it could be paused at");
        } else {
            frozen(Math.ceilDiv(clean.data(), 2));
        }
    }

    private void frozen(long write) {
        Duration hold = rehearsing.options().lease().plus(MARGIN);
        Seen seen = seen("paused", () -> {
            Thaw thaw = new FrozenRunner(subject).run(write, hold);
            return new Tried(thaw.notTested().or(() -> idle(thaw)), Optional.empty());
        });
        single(
                Property.FENCED,
                seen,
                "paused for %d s in the middle, while another did the work".formatted(hold.toSeconds()));
    }

    /** Whoever met nobody has shown nothing. */
    private static Optional<String> idle(Thaw thaw) {
        boolean atWork =
                thaw.second().filter(other -> other.seen().atWork().isPresent()).isPresent();
        String words = thaw.second().map(other -> other.end().lastWords()).orElse("");
        return atWork ? Optional.empty() : Optional.of("the other one never got to work: " + words);
    }

    private void single(Property property, Seen seen, String good) {
        int rows = rehearsing.rows(trial.change());
        if (seen.untested().isPresent()) {
            grades.untested(property, seen.untested().get());
        } else if (seen.fault().isPresent()) {
            grades.failed(property, seen.fault().get(), seen.differences());
        } else if (rows != trial.rows() && !trial.change().runAlways()) {
            grades.failed(property, "two runs left %d rows, one leaves %d".formatted(rows, trial.rows()), List.of());
        } else {
            grades.proven(property, good);
        }
    }
}
