package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Rehearsing.Ran;
import io.firedrill.mongo.Deployment;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the database that they are meant for, or takes them back, one at a time. What came of each is told from
 * the tool's rows after its process has ended, never from its exit code alone. Not safe for use by several threads, but for
 * {@link #kill}.
 */
public final class Release {
    private final MigrationSource source;
    private final ChangeRunner runner;
    private final Deployment deployment;
    private final RunTarget target;
    private final InstantSource clock;
    private final String run;
    private ReleaseFacts facts;
    private volatile @Nullable RunningChange running;
    private volatile boolean killed;
    private @Nullable Failure unstarted;

    /**
     * @param target how the tool reaches the database of {@code deployment}; when we are asked to stop it comes to its end all the same
     * @param clock this machine's
     * @param run its id, for the notes in the oplog
     * @param planned nothing of which is begun
     */
    public Release(
            MigrationSource source,
            ChangeRunner runner,
            Deployment deployment,
            RunTarget target,
            InstantSource clock,
            String run,
            ReleaseFacts planned) {
        this.source = source;
        this.runner = runner;
        this.deployment = deployment;
        this.target = target.shield().by(ProxiedUri.named(target.uri(), ToolsAtWork.nameOf(run)));
        this.clock = clock;
        this.run = run;
        this.facts = planned.limitedTo(target.limit());
    }

    /** What is planned to be applied by a receipt. */
    public static List<OfChange> applied(List<io.firedrill.evidence.RehearsalFacts.OfChange> changes, String receipt) {
        return changes.stream()
                .map(each -> planned(each, receipt, each.measures().map(Measures::seconds)))
                .toList();
    }

    /** What is planned to be taken back. */
    public static List<OfChange> reverted(List<RollbackGate.Admitted> changes) {
        return changes.stream()
                .map(each -> planned(
                        each.rehearsed(),
                        each.receipt(),
                        each.rehearsed().measures().flatMap(Measures::rollbackSeconds)))
                .toList();
    }

    private static OfChange planned(
            io.firedrill.evidence.RehearsalFacts.OfChange change, String receipt, Optional<Double> seconds) {
        return OfChange.planned(change.id(), change.author(), change.codeHash(), receipt, seconds);
    }

    /** What has been done by now. */
    public ReleaseFacts facts() {
        return facts;
    }

    /**
     * Looks once more, right before a change is begun: whether what would be run is what was admitted, and the change stands as
     * it did.
     *
     * @throws Failure if not; what was done before stays
     */
    public void requireAsAdmitted(int index, boolean applying) {
        OfChange change = facts.changes().get(index);
        exchanged().ifPresent(words -> {
            throw stopped(words, "Take it from a place where no build writes.");
        });
        JudgedChange stands = standing().of(change(index));
        boolean asAdmitted = applying ? stands.willRun() : !isPending(stands);
        if (!asAdmitted) {
            throw stopped(
                    "'%s' is %s now, and this run has not begun it".formatted(change.name(), stands.state()),
                    "See who else applies migrations there.");
        }
    }

    /** That the artefact is no longer what was admitted. */
    private Optional<String> exchanged() {
        try {
            String now = source.digestNow().orElse("");
            return now.equals(facts.artefactSha256())
                    ? Optional.empty()
                    : Optional.of("%s was exchanged: its SHA-256 is %s now".formatted(facts.artefact(), now));
        } catch (Failure unreadable) {
            return Optional.of("%s was taken away: %s".formatted(facts.artefact(), unreadable.text()));
        }
    }

    private Failure stopped(String message, String hint) {
        return new Failure(
                FailureKind.TARGET_REFUSED,
                message,
                "%s %d of %d changes were done before, and stay: 'firedrill migrations list' shows how each stands."
                        .formatted(hint, done(), facts.changes().size()));
    }

    private long done() {
        return facts.changes().stream().filter(OfChange::done).count();
    }

    /** Notes in the oplog the moment before a change, and that it is begun. */
    public void begin(int index) {
        String point = fence();
        facts = facts.with(index, facts.changes().get(index).begunAt(point));
        if (facts.restorePoint().isEmpty()) {
            facts = facts.between(point, "");
        }
    }

    /** Notes in the oplog the moment after all of it. */
    public void end() {
        facts = facts.between(facts.restorePoint(), fence());
    }

    private String fence() {
        return deployment.fence("release " + run).toString();
    }

    /**
     * Starts the tool, to apply one change or to take it back.
     *
     * @param found tells how a process of this number is found again, for whoever comes when we are gone
     */
    public void start(int index, boolean applying, LongFunction<String> found) {
        Change change = change(index);
        try {
            RunningChange started = applying ? runner.apply(change, target) : runner.revert(change, target);
            running = started;
            facts = facts.with(index, facts.changes().get(index).ranBy(found.apply(started.pid())));
            if (killed) {
                started.kill();
            }
        } catch (Failure failure) {
            takeBackTheMark(index);
            rethrowIfOurs(failure);
            unstarted = failure;
        } catch (RuntimeException thrown) {
            takeBackTheMark(index);
            throw thrown;
        }
    }

    /** Where nothing was started nothing is half done, and whoever comes next just goes on. */
    private void takeBackTheMark(int index) {
        if (running == null) {
            facts = facts.with(index, facts.changes().get(index).unbegun());
        }
    }

    /** Whether there is a tool to wait for. */
    public boolean isStarted() {
        return running != null;
    }

    /**
     * Waits for the tool that was started to apply one change.
     *
     * @return whether its rows say so, its process ended well, and the artefact is still what was admitted
     */
    public boolean applied(int index) {
        Ran ran = ran();
        JudgedChange stands = standing().of(change(index));
        return done(index, ran, stands.state(), stands.state().isApplied());
    }

    /**
     * Waits for the tool that was started to take one change back.
     *
     * @return whether it is pending again by its rows, its process ended well, and the artefact is still what was admitted
     */
    public boolean reverted(int index) {
        Ran ran = ran();
        JudgedChange stands = standing().of(change(index));
        return done(index, ran, stands.state(), isPending(stands));
    }

    private static boolean isPending(JudgedChange stands) {
        return stands.willRun() && !stands.state().isDrift() && !stands.state().isApplied();
    }

    /** Tells how far the secondaries were behind while a change was run. */
    public void lagged(int index, OptionalLong seconds) {
        facts = facts.with(index, facts.changes().get(index).lagged(seconds));
    }

    /** Ends the change that is at work, and all that it started; for any thread. */
    public void kill() {
        killed = true;
        RunningChange now = running;
        if (now != null) {
            now.kill();
        }
    }

    /** Whether a change did not come to its end by itself: it was killed, or its time was over. */
    public boolean isCutOff(int index) {
        OfChange change = facts.changes().get(index);
        return change.begun()
                && !change.done()
                && (killed || change.actualSeconds().isEmpty());
    }

    private Ran ran() {
        try {
            return Ran.of(this::started, this::rethrowIfOurs);
        } finally {
            running = null;
            unstarted = null;
        }
    }

    private RunningChange started() {
        if (unstarted != null) {
            throw unstarted;
        }
        return Objects.requireNonNull(running);
    }

    /** That a tool hangs, is killed or fails is what a release has to tell; that it cannot be started is another thing. */
    private void rethrowIfOurs(Failure failure) {
        if (failure.kind() == FailureKind.CONFIGURATION_INVALID) {
            // As it is it says that nothing was done.
            throw done() == 0 ? failure : stopped(failure.text(), failure.hint());
        }
    }

    private Standing standing() {
        return source.standing(Optional.of(new MigrationDatabase(deployment, target.database(), clock)));
    }

    private Change change(int index) {
        OfChange planned = facts.changes().get(index);
        return source.artefact().changes().stream()
                .filter(each -> each.id().equals(planned.id()) && each.author().equals(planned.author()))
                .findFirst()
                .orElseThrow();
    }

    private boolean done(int index, Ran ran, ChangeState state, boolean asWanted) {
        // Then nobody can tell which of the two was run.
        Optional<String> exchanged = exchanged();
        boolean done = ran.endedWell() && asWanted && exchanged.isEmpty();
        OfChange ended = facts.changes()
                .get(index)
                .ended(
                        ran.end().map(end -> end.took().toMillis() / 1_000.0),
                        exchanged
                                .map(words -> "%s; while it was run %s".formatted(ran.text(), words))
                                .orElse(ran.text()),
                        state.name(),
                        done);
        facts = facts.with(index, ran.end().map(RunEnd::code).map(ended::exited).orElse(ended));
        return done;
    }
}
