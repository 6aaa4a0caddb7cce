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
import java.util.Optional;

/**
 * Applies changes to the database that they are meant for, or takes them back, one at a time. What came of each is told from
 * the tool's rows after its process has ended, never from its exit code alone. Not safe for use by several threads.
 */
public final class Release {
    private final MigrationSource source;
    private final ChangeRunner runner;
    private final Deployment deployment;
    private final RunTarget target;
    private final InstantSource clock;
    private final String run;
    private ReleaseFacts facts;

    /**
     * @param target how the tool reaches the database of {@code deployment}
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
        this.target = target;
        this.clock = clock;
        this.run = run;
        this.facts = planned;
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
     * Applies one change.
     *
     * @return whether its rows say so, and its process ended well
     */
    public boolean apply(int index) {
        Change change = change(index);
        Ran ran = Ran.of(() -> runner.apply(change, target), Release::rethrowIfOurs);
        JudgedChange stands = standing().of(change);
        return done(index, ran, stands.state(), stands.state().isApplied());
    }

    /**
     * Takes one change back.
     *
     * @return whether it is pending again by its rows, and its process ended well
     */
    public boolean revert(int index) {
        Change change = change(index);
        Ran ran = Ran.of(() -> runner.revert(change, target), Release::rethrowIfOurs);
        JudgedChange stands = standing().of(change);
        boolean pending =
                stands.willRun() && !stands.state().isDrift() && !stands.state().isApplied();
        return done(index, ran, stands.state(), pending);
    }

    /** That a tool hangs, is killed or fails is what a release has to tell; that it cannot be started is another thing. */
    private static void rethrowIfOurs(Failure failure) {
        if (failure.kind() == FailureKind.CONFIGURATION_INVALID) {
            throw failure;
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
        boolean done = ran.endedWell() && asWanted;
        OfChange ended = facts.changes()
                .get(index)
                .ended(ran.end().map(end -> end.took().toMillis() / 1_000.0), ran.text(), state.name(), done);
        facts = facts.with(index, ended);
        return done;
    }
}
