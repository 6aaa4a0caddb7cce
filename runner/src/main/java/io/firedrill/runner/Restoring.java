package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.job.RestoreJobConfig;
import io.firedrill.job.RestoreJobConfig.Users;
import io.firedrill.job.StepRun;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;
import io.firedrill.restore.StagingMarker;
import io.firedrill.restore.StagingMarker.Mark;
import io.firedrill.restore.StagingPreparer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A restore or drill into a replica set of the operator's: goes on with the one that was cut off there, if one was. */
final class Restoring {
    private final RunContext context;
    private final Workspace workspace;
    private final StagingGuard guard;
    private final Supplier<List<DeploymentIdentity>> sources;

    /**
     * @param sources everybody who must never be restored into
     */
    Restoring(RunContext context, Workspace workspace, StagingGuard guard, Supplier<List<DeploymentIdentity>> sources) {
        this.context = context;
        this.workspace = workspace;
        this.guard = guard;
        this.sources = sources;
    }

    RestoreResult run(RestoreRequest request, RunKind kind) {
        try (Deployment target = workspace.staging()) {
            return request.dryRun() ? drafted(request, target) : run(request, kind, target);
        }
    }

    private RestoreResult run(RestoreRequest request, RunKind kind, Deployment target) {
        var resumed = new AtomicReference<>(false);
        var way = new AtomicReference<Optional<RecoveryPlan>>(Optional.empty());
        RecordedRun recorded = request.describe(new RecordedRun(context, workspace, kind));
        RunRecord record = recorded.execute(
                () -> leaseOf(target),
                () -> {
                    Optional<Mark> cutOff = interrupted(target, kind);
                    way.set(new Wayfinder(workspace.catalog()).way(request, cutOff));
                    // Refused before this run counts as that one: its story goes on only with its own aim.
                    cutOff.ifPresent(mark -> StagingGuard.requireSame(mark, aim(request, way.get())));
                    resumed.set(cutOff.isPresent());
                    return cutOff.map(Mark::runId);
                },
                run -> restore(request, kind, target, way.get(), run, recorded));
        return Results.restore(record, resumed.get(), recorded.reportFile(record));
    }

    private void restore(
            RestoreRequest request,
            RunKind kind,
            Deployment target,
            Optional<RecoveryPlan> way,
            StepRun run,
            RecordedRun recorded) {
        BackupCatalog catalog = workspace.catalog();
        String backup = way.map(plan -> plan.base().backup().value()).orElseGet(() -> wanted(request, target, kind));
        RestoreSource source = RestoreSource.of(catalog, backup, request.selection());
        var errand = Errand.restore(
                new Errand.RunOf(run.log().start().runId(), recorded.lease(), recorded.fence(), catalog.source()),
                source.manifest().id().value(),
                request.selection(),
                target.identity().replicaSetId());
        try (var batch = BatchHost.started(run, workspace.settings(), leaseOf(target));
                var crew = new Crew(workspace)) {
            batch.run(
                    steps -> {
                        var config = new RestoreJobConfig(
                                        crew.of(steps, errand), run, catalog, source, target, guard, sources)
                                .with(request.withUsers() ? Users.RESTORED : Users.LEFT_OUT);
                        way.ifPresent(config::to);
                        return kind == RunKind.DRILL ? config.drill(request.keep()) : config.restore();
                    },
                    run,
                    run.log().start().runId());
        }
    }

    private static String aim(RestoreRequest request, Optional<RecoveryPlan> way) {
        return way.map(plan -> plan.aim(request.selection()))
                .orElseGet(() -> request.selection().toString());
    }

    /** Everything that can be known without a write: the guard's verdict and what would be loaded. */
    private RestoreResult drafted(RestoreRequest request, Deployment target) {
        BackupCatalog catalog = workspace.catalog();
        Optional<RecoveryPlan> way = new Wayfinder(catalog).way(request, Optional.empty());
        String backup = way.map(plan -> plan.base().backup().value()).orElse(request.backup());
        RestoreSource source = RestoreSource.of(catalog, backup, request.selection());
        var preparer = new StagingPreparer(target, new StagingMarker(target));
        guard.check(preparer.look(), sources.get(), "dry-run", source, aim(request, way));
        return Results.drafted(source, way);
    }

    /**
     * The run that was cut off in this target: while it loaded, or later but before it had its record. What is half
     * cleaned up is a drill's to go on with, for it alone wants it gone.
     */
    private Optional<Mark> interrupted(Deployment target, RunKind kind) {
        return new StagingMarker(target).read().filter(mark -> switch (mark.state()) {
            case LOADING -> true;
            case READY -> RunLog.isOpen(workspace.store(), mark.runId());
            case CLEANING -> kind == RunKind.DRILL && RunLog.isOpen(workspace.store(), mark.runId());
        });
    }

    /** "latest" means, to a run that goes on, the backup it began with. */
    private String wanted(RestoreRequest request, Deployment target, RunKind kind) {
        return request.backup().equals(RestoreRequest.LATEST)
                ? interrupted(target, kind).map(Mark::backupId).orElse(RestoreRequest.LATEST)
                : request.backup();
    }

    static String leaseOf(Deployment target) {
        return "restore-" + target.identity().replicaSetId();
    }
}
