package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.RestoreJobConfig;
import io.firedrill.job.RestoreJobConfig.Users;
import io.firedrill.job.StepRun;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;
import io.firedrill.staging.StagingServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A drill in a mongod that is started for it and destroyed after it, whatever becomes of it. One that is cut off is not
 * gone on with, since its staging is gone: the next one begins afresh.
 */
final class EphemeralDrill {
    private final RunContext context;
    private final Workspace workspace;
    private final Supplier<List<DeploymentIdentity>> sources;

    EphemeralDrill(RunContext context, Workspace workspace, Supplier<List<DeploymentIdentity>> sources) {
        this.context = context;
        this.workspace = workspace;
        this.sources = sources;
    }

    RestoreResult drill(RestoreRequest request) {
        if (request.keep()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--keep is given, and the staging is ephemeral",
                    "An ephemeral staging never outlives its drill: to look at the data, point FIREDRILL_STAGING_URI at a replica set of yours.");
        }
        BackupCatalog catalog = workspace.catalog();
        // One at a time for a source: only so can the next one tell that a run without an end is dead.
        String lease = "drill-ephemeral-" + catalog.source();
        RecordedRun recorded = request.describe(new RecordedRun(context, workspace, RunKind.DRILL))
                .with("staging", StagingServer.NAME);
        RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> {
            Optional<RecoveryPlan> way = new Wayfinder(catalog).way(request, Optional.empty());
            String backup = way.map(plan -> plan.base().backup().value()).orElse(request.backup());
            RestoreSource source = RestoreSource.of(catalog, backup, request.selection());
            new EphemeralStaging(workspace.settings(), run, "drill")
                    .use(
                            source.amount().bytesRaw(),
                            source.plan().identity().featureCompatibilityVersion(),
                            server -> drill(request, way, run, lease, catalog, source, server));
        });
        return Results.restore(record, false, recorded.reportFile(record));
    }

    private void drill(
            RestoreRequest request,
            Optional<RecoveryPlan> way,
            StepRun run,
            String lease,
            BackupCatalog catalog,
            RestoreSource source,
            StagingServer server) {
        // Nobody else can be meant; but whoever names another set means another.
        var guard = new StagingGuard(
                workspace.settings().stagingAllow(),
                name -> request.confirm().map(name::equals).orElse(true));
        try (var batch = BatchHost.started(run, workspace.settings(), lease)) {
            batch.run(
                    steps -> {
                        var config = new RestoreJobConfig(
                                        steps, run, catalog, source, server.deployment(), guard, sources)
                                .with(request.withUsers() ? Users.RESTORED : Users.LEFT_OUT)
                                .ephemeral();
                        way.ifPresent(config::to);
                        return config.drill(true);
                    },
                    run,
                    run.log().start().runId());
        }
    }
}
