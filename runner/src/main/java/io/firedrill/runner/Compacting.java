package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogLink;
import io.firedrill.backup.SegmentSize;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.CompactJobConfig;
import io.firedrill.job.Compaction;
import io.firedrill.job.RestoreJobConfig;
import io.firedrill.job.StepRun;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryPlanner;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;
import io.firedrill.runner.CompactResult.Made;
import io.firedrill.runner.CompactResult.Work;
import io.firedrill.staging.StagingServer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A compaction, wired: the store to a mongod of our own and back, and what came of it to the record. */
final class Compacting {
    private final RunContext context;
    private final Workspace workspace;
    private final BackupCatalog catalog;

    Compacting(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
        this.catalog = workspace.catalog();
    }

    /** What a run has found out and made. */
    private record Folded(RestoreSource base, RecoveryPlan way, Compaction compaction, Optional<BackupId> made) {}

    /** Told from the heads of the archive: only a run reads all of it through. */
    CompactResult rehearse(CompactRequest request) {
        RecoveryPlan way = way(request);
        RestoreSource base = base(way);
        List<OplogLink> links =
                catalog.oplog().links(way.window().timeline(), way.base().at(), way.until());
        long bytes = links.stream()
                .mapToLong(link -> link.slice().stored().bytesRaw())
                .sum();
        boolean nothing = way.until().equals(way.base().at());
        return result(
                nothing ? "nothing" : "planned",
                "",
                way,
                way.until(),
                new Work(base.amount().bytesRaw(), 0, links.size(), bytes),
                Made.NOTHING,
                "",
                excluded(base.plan()),
                Optional.empty());
    }

    /** Under the lease of a backup: the two write the same, and prune must not take the base away meanwhile. */
    CompactResult fold(CompactRequest request) {
        var folded = new AtomicReference<Folded>();
        var recorded = new RecordedRun(context, workspace, RunKind.COMPACT)
                .with("to", request.to().toString())
                .with("staging", StagingServer.NAME);
        String lease = "backup-" + catalog.source();
        RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> folded.set(fold(request, run, lease)));
        return folded(folded.get(), record, recorded.reportFile(record).toString());
    }

    private Folded fold(CompactRequest request, StepRun run, String lease) {
        RecoveryPlan way = way(request);
        RestoreSource base = base(way);
        run.log().source(BackupJobConfig.party("source", base.plan().identity()));
        var compaction = new Compaction(catalog, way, run);
        run.progress().begin("chain", 0);
        Optional<BackupId> id =
                run.log().timeline().measure("chain", true, () -> compaction.look(new SecureRandom().nextInt()));
        run.progress().end();
        var folded = new Folded(base, way, compaction, id);
        if (id.isPresent()) {
            new EphemeralStaging(workspace.settings(), run, "compaction")
                    .use(
                            base.amount().bytesRaw() + compaction.bytes(),
                            base.plan().identity().featureCompatibilityVersion(),
                            server -> fold(folded, id.get(), run, lease, server));
        } else {
            run.log()
                    .note(
                            "synthetic",
                            "none: backup %s shows that moment already"
                                    .formatted(way.base().backup()));
        }
        return folded;
    }

    private void fold(Folded folded, BackupId id, StepRun run, String lease, StagingServer server) {
        // The server is ours and of this moment: nobody has to allow it, and none of the sources can be it.
        var guard = new StagingGuard(Set.of(), _ -> true);
        try (var batch = BatchHost.started(run, workspace.settings(), lease)) {
            batch.run(
                    steps -> {
                        var restore = new RestoreJobConfig(
                                        steps,
                                        run,
                                        catalog,
                                        folded.base(),
                                        server.deployment(),
                                        guard,
                                        catalog::identities)
                                .ephemeral();
                        return new CompactJobConfig(
                                        steps,
                                        run,
                                        catalog,
                                        restore,
                                        folded.base(),
                                        folded.compaction(),
                                        server.deployment(),
                                        id,
                                        SegmentSize.DEFAULT,
                                        workspace.clocks())
                                .job();
                    },
                    run,
                    run.log().start().runId());
        }
    }

    private RecoveryPlan way(CompactRequest request) {
        return new RecoveryPlanner(catalog, () -> 0).plan(request.to(), Optional.empty());
    }

    private RestoreSource base(RecoveryPlan way) {
        return RestoreSource.of(catalog, way.base().backup().value());
    }

    private CompactResult folded(Folded folded, RunRecord record, String report) {
        Compaction compaction = folded.compaction();
        var work = new Work(
                folded.made().isPresent() ? folded.base().amount().bytesRaw() : 0,
                compaction.entries(),
                compaction.slices(),
                compaction.bytes());
        Optional<Manifest> made = folded.made().map(catalog::manifest);
        return result(
                made.isPresent() ? "sealed" : "nothing",
                made.map(manifest -> manifest.id().value()).orElse(""),
                folded.way(),
                compaction.reached(),
                work,
                made.map(manifest -> made(manifest.totals())).orElse(Made.NOTHING),
                made.flatMap(Manifest::synthetic).map(how -> how.proof()).orElse(""),
                excluded(made.map(catalog::plan).orElseGet(folded.base()::plan)),
                Optional.of(new Recorded(record, report)));
    }

    private record Recorded(RunRecord record, String report) {}

    private CompactResult result(
            String state,
            String backupId,
            RecoveryPlan way,
            OpTime shown,
            Work work,
            Made made,
            String proof,
            List<String> excluded,
            Optional<Recorded> recorded) {
        return new CompactResult(
                catalog.source(),
                state,
                backupId,
                way.base().backup().value(),
                Results.point(way.base().at()),
                Results.point(shown),
                work,
                made,
                proof,
                excluded,
                recorded.map(it -> it.record().elapsedSeconds()).orElse(0.0),
                recorded.map(it -> it.record().key()).orElse(""),
                recorded.map(Recorded::report).orElse(""));
    }

    private static Made made(Manifest.Totals totals) {
        return new Made(
                totals.collections(),
                totals.documents(),
                totals.bytesRaw(),
                totals.bytesStored(),
                totals.bytesUploaded(),
                totals.segments(),
                totals.segmentsReused());
    }

    private static List<String> excluded(BackupPlan plan) {
        return plan.excluded().stream().map(BackupPlan.Excluded::namespace).toList();
    }
}
