package io.firedrill.job;

import io.firedrill.evidence.Check;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.LagWatch;
import io.firedrill.migration.Release;
import io.firedrill.storage.ProcessMark;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Release: a note in the oplog, a change, and so on; the first that does not come to what it should ends it. No job of Spring
 * Batch: where a run was cut off is told from the database, and by the next run's gate.
 */
public final class ReleaseRun {
    private static final int NAME_MAX = 60;

    private final StepRun run;
    private final Release release;
    private final Supplier<LagWatch> watches;

    /**
     * @param watches starts to watch the target's secondaries
     */
    public ReleaseRun(StepRun run, Release release, Supplier<LagWatch> watches) {
        this.run = run;
        this.release = release;
        this.watches = watches;
    }

    /** Applies all, in order. */
    public void apply() {
        all(true, release::applied);
    }

    /** Takes all back, in the order that was planned. */
    public void revert() {
        all(false, release::reverted);
    }

    private void all(boolean applying, IntPredicate step) {
        String verb = applying ? "apply" : "revert";
        run.log().release(release.facts());
        int count = release.facts().changes().size();
        int done = 0;
        while (done < count && one(applying, verb, step, done)) {
            done++;
        }
        run.log().timeline().measure("fence", false, () -> noted(release::end));
        judge(verb, done);
    }

    /** A run that is asked to stop begins no other change, and waits for the one that is at work. */
    private boolean one(boolean applying, String verb, IntPredicate step, int index) {
        run.checkpoint();
        release.requireAsAdmitted(index, applying);
        run.log().timeline().measure("fence", false, () -> noted(() -> release.begin(index)));
        Optional<RuntimeException> unkept = started(applying, index);
        boolean ended = run.log().timeline().measure(verb, false, () -> watched(verb, step, index));
        unkept.ifPresent(thrown -> {
            throw thrown;
        });
        requireNotStopped(index);
        return ended;
    }

    /** Waits for the change that is at work, and tells meanwhile what it does to the secondaries. */
    private boolean watched(String verb, IntPredicate step, int index) {
        String name = shortened(release.facts().changes().get(index).name());
        try (LagWatch watch = watches.get()) {
            run.progress().begin(verb, 0);
            run.progress().detail(() -> name + behind(watch.now()));
            boolean done = step.test(index);
            release.lagged(index, watch.end());
            run.log().release(release.facts());
            run.progress().end();
            return done;
        }
    }

    private static String behind(OptionalLong seconds) {
        return seconds.isPresent() ? ", secondaries %d s behind".formatted(seconds.getAsLong()) : "";
    }

    /**
     * By itself, so that whoever finds this run dead knows for which process to look.
     *
     * @return what kept that from being written down: a tool that is at work comes to its end all the same
     */
    private Optional<RuntimeException> started(boolean applying, int index) {
        try {
            run.log()
                    .timeline()
                    .measure("start", false, () -> noted(() -> release.start(index, applying, ReleaseRun::mark)));
            return Optional.empty();
        } catch (RuntimeException thrown) {
            if (!release.isStarted()) {
                run.log().release(release.facts());
                throw thrown;
            }
            return Optional.of(thrown);
        }
    }

    /** Who was asked to stop and cut a change off has not found out that it fails. */
    private void requireNotStopped(int index) {
        if (run.stopRequested().getAsBoolean() && release.isCutOff(index)) {
            ReleaseFacts.OfChange change = release.facts().changes().get(index);
            var stopped = new Failure(
                    FailureKind.ABORTED,
                    "stopped on request while '%s' was being run, which was killed: it is %s"
                            .formatted(change.name(), change.state()),
                    "What it wrote may be there: start it again, or go back to the moment before: 'firedrill restore --at %s'."
                            .formatted(change.restorePoint()));
            try {
                // Whoever comes next counts from here how long the server may have gone on.
                run.log().timeline().measure("fence", false, () -> noted(release::end));
            } catch (RuntimeException unnoted) {
                stopped.addSuppressed(unnoted);
            }
            throw stopped;
        }
    }

    private static String mark(long pid) {
        return pid == 0 ? "" : ProcessMark.of(pid).text();
    }

    private static String shortened(String name) {
        return name.length() > NAME_MAX ? name.substring(0, NAME_MAX) + "…" : name;
    }

    private void noted(Runnable step) {
        step.run();
        run.log().release(release.facts());
    }

    private void judge(String verb, int done) {
        ReleaseFacts facts = release.facts();
        int count = facts.changes().size();
        String method = "the process of each change ended with 0, and then the tool's rows say that it is "
                + (verb.equals("apply") ? "applied" : "pending again");
        String expected = "%d of %d changes".formatted(count, count);
        if (done == count) {
            run.log().check(Check.passed(verb, method, expected, expected, count, count));
        } else {
            ReleaseFacts.OfChange stuck = facts.changes().get(done);
            String detail = "%s is %s: %s".formatted(stuck.name(), stuck.state(), stuck.end());
            run.log()
                    .check(Check.failed(
                            verb, method, expected, "%d of %d changes".formatted(done, count), done, count, detail));
        }
        run.log().notTested("that the data came to what the rehearsal's copy came to");
    }
}
