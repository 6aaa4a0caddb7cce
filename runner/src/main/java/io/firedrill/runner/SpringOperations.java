package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Notice;
import io.firedrill.backup.BackupPlanner;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.ResumePoint;
import io.firedrill.backup.SegmentSize;
import io.firedrill.doctor.Finding;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.Scope;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.BackupAttempts;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.StepRun;
import io.firedrill.job.VerifyJobConfig;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingGuard;
import io.firedrill.restore.StagingMarker;
import io.firedrill.restore.StagingPreparer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** The operations, done: wires settings to capabilities and runs the jobs with Spring Batch. */
final class SpringOperations implements Operations {
    private final RunContext context;
    private final Workspace workspace;

    SpringOperations(RunContext context) {
        this(context, Clocks.system());
    }

    SpringOperations(RunContext context, Clocks clocks) {
        this.context = context;
        this.workspace = new Workspace(context.settings(), clocks);
    }

    @Override
    public BackupResult backup(BackupRequest request) {
        requireEncryptionSaid("backup");
        try (Deployment source = workspace.source()) {
            return request.dryRun() ? drafted(source) : backup(source, request);
        }
    }

    /** A store key is there for encryption alone: without recipients it was most likely forgotten to name them. */
    private void requireEncryptionSaid(String what) {
        if (workspace.settings().storeKey() != null
                && workspace.settings().recipients().isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "store-key is set, and recipients are not: the %s would not be encrypted".formatted(what),
                    "Set " + Setting.RECIPIENTS.waysToGive() + "; or leave the store key out, if that is meant.");
        }
    }

    private BackupResult drafted(Deployment source) {
        BackupCatalog catalog = catalogOf(source.identity());
        BackupPlan plan = planner(source, catalog)
                .draft(freshBackupId(), workspace.clocks().now());
        return Results.drafted(plan);
    }

    /** Only a person can say that what made the oplog miss a change has been mended. */
    private void trustAgain(BackupCatalog catalog, String reason, RunLog log) {
        if (!reason.isEmpty()) {
            var notice = new Notice(
                    false, workspace.clocks().now(), workspace.settings().operator(), reason);
            catalog.doubts().standing().keySet().forEach(id -> catalog.doubts().put(id, notice));
            log.note("skip-again", reason);
        }
    }

    private BackupResult backup(Deployment source, BackupRequest request) {
        var id = new AtomicReference<BackupId>();
        var resumed = new AtomicReference<>(false);
        var recorded = new RecordedRun(context, workspace, RunKind.BACKUP);
        RunRecord record = recorded.execute(() -> "backup-" + sourceName(source.identity()), Optional::empty, run -> {
            BackupCatalog catalog = catalogOf(source.identity());
            new SourceSuccession(workspace, catalog).settle(source.identity(), request.newSource(), run.log());
            trustAgain(catalog, request.skipAgain(), run.log());
            try (var reading = new SourceReading(source, workspace, run.log()::note);
                    var batch = BatchHost.started(run, workspace.settings(), "backup-" + catalog.source());
                    var crew = new Crew(workspace)) {
                Optional<BackupId> cutOff = new ResumePoint(reading.member(), catalog).find();
                resumed.set(cutOff.isPresent());
                cutOff.ifPresent(before -> run.log().note("resumed", before.value()));
                id.set(new BackupAttempts(BackupAttempts.ATTEMPTS_MAX, this::backupIdAfter)
                        .run(
                                run,
                                cutOff.orElseGet(this::freshBackupId),
                                (attempt, attempted) -> batch.run(
                                        steps -> new BackupJobConfig(
                                                        crew.of(
                                                                steps,
                                                                errand(run, recorded, catalog, attempted, source)),
                                                        attempt,
                                                        source,
                                                        catalog,
                                                        attempted,
                                                        SegmentSize.DEFAULT,
                                                        workspace.settings().exclude(),
                                                        workspace.clocks())
                                                .reading(reading.member(), reading.gate())
                                                .rereading(workspace.settings().rereadShare())
                                                .job(),
                                        attempt,
                                        attempted.value())));
            }
        });
        Manifest manifest = catalogOf(source.identity()).manifest(id.get());
        return Results.backup(manifest, record, resumed.get(), recorded.reportFile(record));
    }

    private Errand errand(StepRun run, RecordedRun recorded, BackupCatalog catalog, BackupId id, Deployment source) {
        return Errand.backup(
                new Errand.RunOf(run.log().start().runId(), recorded.lease(), recorded.fence(), catalog.source()),
                id.value(),
                new TreeSet<>(workspace.settings().exclude()),
                workspace.recipients(),
                source.identity().replicaSetId());
    }

    @Override
    public SealResult seal(SealRequest request) {
        requireEncryptionSaid("seal");
        try (Deployment source = workspace.source()) {
            var sealing = new Sealing(context, workspace, source, catalogOf(source.identity()));
            return request.dryRun() ? sealing.rehearse() : sealing.take(request.newSource());
        }
    }

    @Override
    public RestoreResult restore(RestoreRequest request) {
        return restoring().run(request, RunKind.RESTORE);
    }

    @Override
    public RestoreResult drill(RestoreRequest request) {
        return workspace.settings().ephemeralStaging()
                ? new EphemeralDrill(context, workspace, this::sources).drill(request)
                : restoring().run(request, RunKind.DRILL);
    }

    private Restoring restoring() {
        return new Restoring(context, workspace, guard(), this::sources);
    }

    @Override
    public VerifyResult verify(VerifyRequest request) {
        BackupCatalog catalog = workspace.catalog();
        var job = new AtomicReference<VerifyJobConfig>();
        var recorded = new RecordedRun(context, workspace, RunKind.VERIFY).with("backup", request.backup());
        String lease = "verify-" + catalog.source();
        RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> {
            RestoreSource source = RestoreSource.of(catalog, request.backup());
            List<String> units = sample(source.units(), request.percent());
            if (units.size() < source.units().size()) {
                run.log().scope(new Scope(true, Map.of()));
                run.log()
                        .notTested("%d of %d units: --percent %d"
                                .formatted(
                                        source.units().size() - units.size(),
                                        source.units().size(),
                                        request.percent()));
            }
            try (var batch = BatchHost.started(run, workspace.settings(), lease)) {
                batch.run(
                        steps -> {
                            job.set(new VerifyJobConfig(steps, run, catalog, source, units));
                            return job.get().job();
                        },
                        run,
                        run.log().start().runId());
            }
        });
        return Results.verify(record, job.get(), recorded.reportFile(record));
    }

    /** Every so many-th unit, so that the sample lies across the whole backup. */
    private static List<String> sample(List<String> units, int percent) {
        int wanted = Math.max(1, (int) Math.ceil(units.size() * percent / 100.0));
        return IntStream.range(0, wanted)
                .mapToObj(i -> units.get((int) ((long) i * units.size() / wanted)))
                .distinct()
                .toList();
    }

    @Override
    public PruneResult prune(PruneRequest request) {
        return new Pruning(context, workspace).prune(request);
    }

    @Override
    public KeysResult keys(KeysRequest request) {
        return new Rewrapping(context, workspace).run(request);
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        return new Pruning(context, workspace).hold(request);
    }

    @Override
    public ArchiveResult archive(ArchiveRequest request) {
        requireEncryptionSaid("archive");
        try (Deployment source = workspace.source()) {
            return new Archiving(context, workspace, source, catalogOf(source.identity())).archive(request);
        }
    }

    @Override
    public WorkerResult work() {
        return new Working(context, workspace).work();
    }

    @Override
    public OplogShowResult oplog(OplogShowRequest request) {
        return new OplogShow(workspace.catalog()).read(request);
    }

    @Override
    public CompactResult compact(CompactRequest request) {
        requireEncryptionSaid("backup");
        var compacting = new Compacting(context, workspace);
        return request.dryRun() ? compacting.rehearse(request) : compacting.fold(request);
    }

    @Override
    public RehearseResult rehearse(RehearseRequest request) {
        return new Rehearsing(context, workspace).rehearse(request);
    }

    @Override
    public ReleaseResult release(ReleaseRequest request) {
        try (Deployment source = workspace.source()) {
            return new Releasing(context, workspace, source, catalogOf(source.identity()), request).release();
        }
    }

    @Override
    public StatusResult status() {
        return new StatusReader(workspace).read();
    }

    @Override
    public MetricsResult metrics() {
        return new MetricsReader(workspace).read();
    }

    @Override
    public List<BackupLine> backups() {
        return new StatusReader(workspace).backups();
    }

    @Override
    public EvidenceDesk evidence() {
        return new EvidenceDesk(workspace, context.notices());
    }

    @Override
    public ReadinessDesk readiness() {
        return new ReadinessDesk(workspace, context.notices());
    }

    @Override
    public ReportDesk reports() {
        return new ReportDesk(workspace, evidence());
    }

    @Override
    public CleanResult cleanStaging(CleanRequest request) {
        try (Deployment target = workspace.staging()) {
            var marker = new StagingMarker(target);
            var cleaner = new StagingCleaner(target, marker);
            String name = target.identity().setName();
            if (request.dryRun()) {
                return new CleanResult(name, Results.names(cleaner.dropped()), true, "");
            }
            var dropped = new ArrayList<Namespace>();
            var principals = new ArrayList<StagingMarker.Principal>();
            var recorded = new RecordedRun(context, workspace, RunKind.STAGING_CLEAN);
            RunRecord record = recorded.execute(() -> Restoring.leaseOf(target), Optional::empty, run -> {
                guard().checkForCleaning(new StagingPreparer(target, marker).look(), sources());
                run.log().timeline().measure("cleanup", false, () -> {
                    run.checkpoint();
                    principals.addAll(cleaner.principals());
                    dropped.addAll(cleaner.clean());
                });
                run.log()
                        .disposal(
                                "dropped what the marker named",
                                "%d collections and views, %d users and roles dropped"
                                        .formatted(dropped.size(), principals.size()));
            });
            return new CleanResult(name, Results.names(dropped), false, record.key());
        }
    }

    @Override
    public MigrationsResult migrations(MigrationsRequest request) {
        return new Migrations(workspace).list(request);
    }

    @Override
    public List<Finding> examine(DoctorRequest request) {
        return new Examining(workspace, guard(), this::sources).examine(request);
    }

    private StagingGuard guard() {
        return new StagingGuard(workspace.settings().stagingAllow(), context.confirmation()::confirms);
    }

    /** Everybody who must never be restored into: each source of the store, and the source as it is now. */
    private List<DeploymentIdentity> sources() {
        List<DeploymentIdentity> all = new ArrayList<>();
        for (String name : BackupCatalog.sources(workspace.store())) {
            all.addAll(workspace.catalogOf(name).identities());
        }
        if (workspace.settings().sourceUri() != null) {
            liveSource().ifPresent(all::add);
        }
        return all;
    }

    /** In a real disaster the source does not answer; the store knows who it was. */
    private Optional<DeploymentIdentity> liveSource() {
        try (Deployment source = workspace.source()) {
            return Optional.of(source.identity());
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.DEPENDENCY_UNAVAILABLE) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private BackupPlanner planner(Deployment source, BackupCatalog catalog) {
        return new BackupPlanner(
                source,
                catalog,
                SegmentSize.DEFAULT,
                new Coverage(workspace.settings().exclude()),
                () -> {});
    }

    private BackupCatalog catalogOf(DeploymentIdentity identity) {
        return workspace.catalogOf(sourceName(identity));
    }

    private String sourceName(DeploymentIdentity identity) {
        String named = workspace.settings().sourceName();
        return named == null ? identity.setName() : named;
    }

    private BackupId freshBackupId() {
        return BackupId.of(workspace.clocks().now(), new SecureRandom().nextInt());
    }

    private BackupId backupIdAfter(BackupId before) {
        return before.next(workspace.clocks().now(), new SecureRandom().nextInt());
    }

    @Override
    public void close() {
        workspace.close();
    }
}
