package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.RehearsalJobConfig;
import io.firedrill.job.RestoreJobConfig;
import io.firedrill.job.StagingStage;
import io.firedrill.job.StepRun;
import io.firedrill.migration.Artefact;
import io.firedrill.migration.Change;
import io.firedrill.migration.LockRule;
import io.firedrill.migration.MigrateMongoProject;
import io.firedrill.migration.MigrationSource;
import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.Rehearsal;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.RunTools;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;
import io.firedrill.staging.StagingServer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A rehearsal of migrations, wired: a backup into a mongod of our own, the user's tool against it, and what came of it. */
final class Rehearsing {
    /** A copy of the files for each moment that is gone back to, beside the data and what the changes write. */
    private static final int ROOM_FACTOR = 3;

    private final RunContext context;
    private final Workspace workspace;
    private final BackupCatalog catalog;

    Rehearsing(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
        this.catalog = workspace.catalog();
    }

    RehearseResult rehearse(RehearseRequest request) {
        MigrationSource source = Migrations.source(request.of());
        String database = Migrations.database(request.database(), source);
        Artefact artefact = known(request, source);
        if (!isAsked(request)) {
            // Before a backup is restored for nothing.
            requireKnown(request, artefact);
        }
        // A host that nobody knows would be found out when the first change is run, after the restore.
        tools(request).requireReachable();
        RestoreSource backup = RestoreSource.of(catalog, request.backup());
        return request.dryRun()
                ? planned(request, artefact, database, backup)
                : rehearsed(request, source, database, backup);
    }

    /** Whether only a command can tell what there is, and it is to be asked about the copy only. */
    private static boolean isAsked(RehearseRequest request) {
        return request.of() instanceof MigrationsOf.Command;
    }

    /** What can be told of it before there is a copy. */
    private static Artefact known(RehearseRequest request, MigrationSource source) {
        return request.of() instanceof MigrationsOf.Command command
                ? new Artefact(
                        Artefact.COMMAND,
                        Optional.empty(),
                        command.options().command(),
                        Optional.empty(),
                        List.of(),
                        List.of())
                : source.artefact();
    }

    /** A mistyped id would accept nothing. */
    private static void requireKnown(RehearseRequest request, Artefact artefact) {
        request.options().withoutRollback().keySet().forEach(id -> requireKnown("--without-rollback", id, artefact));
        request.options().accepted().stream()
                .flatMap(each -> each.change().stream())
                .forEach(id -> requireKnown("--accept", id, artefact));
        request.options().only().ifPresent(asked -> requireKnown("--cut", asked.id(), artefact));
    }

    private static void requireKnown(String option, String id, Artefact artefact) {
        if (artefact.changes().stream().noneMatch(change -> change.id().equals(id))) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s names '%s', and there is no such change".formatted(option, id),
                    "'firedrill migrations list' shows the ids.");
        }
    }

    /** The receipt is of one artefact: a build that came in between would be another. */
    private static void requireUnchanged(RehearseRequest request, MigrationSource source) {
        if (isAsked(request)) {
            return;
        }
        if (!Migrations.source(request.of())
                .artefact()
                .digest()
                .equals(source.artefact().digest())) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s was changed while it was rehearsed"
                            .formatted(source.artefact().location()),
                    "Rehearse it again, from a place where no build writes.");
        }
    }

    private RehearseResult rehearsed(
            RehearseRequest request, MigrationSource source, String database, RestoreSource backup) {
        // One at a time for a source: only so can the next one tell that a run without an end is dead.
        String lease = "rehearse-" + catalog.source();
        var recorded = new RecordedRun(context, workspace, RunKind.REHEARSAL)
                .with("artefact", known(request, source).location())
                .with("database", database)
                .with("backup", request.backup())
                .with("staging", StagingServer.NAME);
        request.options().only().ifPresent(asked -> recorded.with("cut", asked.name()));
        if (!request.reachable().isEmpty()) {
            recorded.with("reachable", String.join(", ", request.reachable()));
        }
        RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> {
            new EphemeralStaging(workspace.settings(), run, "rehearsal")
                    .use(
                            backup.amount().bytesRaw() * ROOM_FACTOR,
                            backup.plan().identity().featureCompatibilityVersion(),
                            server -> rehearse(request, source, database, backup, run, lease, server));
            requireUnchanged(request, source);
        });
        Path report = recorded.reportFile(record);
        // One cut says nothing about a release, and what a command lists is released without us.
        Optional<ReleasePapers> papers = request.options().only().isPresent() || isAsked(request)
                ? Optional.empty()
                : Optional.of(ReleasePapers.write(
                        report.resolveSibling(record.recordId()), facts(request, source, database, backup, record)));
        return new RehearseResult(
                record.runId(),
                record.outcome().name().toLowerCase(Locale.ROOT),
                backup.manifest().id().value(),
                record.rehearsal().orElseThrow(),
                record.elapsedSeconds(),
                record.key(),
                report.toString(),
                papers.map(each -> each.rollback().toString()).orElse(""),
                papers.map(each -> each.runbook().toString()).orElse(""));
    }

    private static RehearsedRelease facts(
            RehearseRequest request, MigrationSource source, String database, RestoreSource backup, RunRecord record) {
        RehearsalFacts found = record.rehearsal().orElseThrow();
        return new RehearsedRelease(
                found,
                record.runId(),
                record.key(),
                backup.manifest().id().value(),
                record.consistencyTime(),
                restoreSeconds(record),
                record.note(RehearsalJobConfig.TAKEOVER),
                lock(request, source),
                ReleaseCommands.after(
                        request, database, backup.plan().identity().setName()),
                before(source.artefact(), found));
    }

    /** The phases before the copy becomes what changes are run on. */
    private static double restoreSeconds(RunRecord record) {
        return record.phases().stream()
                .takeWhile(phase -> !phase.name().equals(RehearsalJobConfig.STAGE))
                .mapToDouble(phase -> RecordedRun.seconds(phase.elapsed()))
                .sum();
    }

    private static RehearsedRelease.Lock lock(RehearseRequest request, MigrationSource source) {
        if (source instanceof MigrateMongoProject project) {
            Optional<LockRule> rule = project.lockRule();
            return new RehearsedRelease.Lock(rule.map(LockRule::collection), rule.flatMap(LockRule::lease), false);
        }
        String collection =
                request.of() instanceof MigrationsOf.Jar jar ? jar.options().lockCollection() : MongockOptions.LOCK;
        return new RehearsedRelease.Lock(
                Optional.of(collection), Optional.of(request.options().lease()), true);
    }

    /** Which change stands right before the first one that was pending. */
    private static Optional<String> before(Artefact artefact, RehearsalFacts found) {
        List<String> ids = artefact.changes().stream().map(Change::id).toList();
        return found.changes().stream()
                .findFirst()
                .map(first -> ids.indexOf(first.id()))
                .filter(index -> index > 0)
                .map(index -> ids.get(index - 1));
    }

    private void rehearse(
            RehearseRequest request,
            MigrationSource source,
            String database,
            RestoreSource backup,
            StepRun run,
            String lease,
            StagingServer server) {
        // The server is ours and of this moment: nobody has to allow it, and none of the sources can be it.
        var guard = new StagingGuard(Set.of(), _ -> true);
        try (var batch = BatchHost.started(run, workspace.settings(), lease)) {
            batch.run(
                    steps -> {
                        var restore = new RestoreJobConfig(
                                        steps, run, catalog, backup, server.deployment(), guard, catalog::identities)
                                .ephemeral();
                        return new RehearsalJobConfig(
                                        steps,
                                        run,
                                        restore,
                                        RehearsalJobConfig.Depth.of(request.options()),
                                        () -> rehearsal(request, source, database, run, server))
                                .besideOplog(SourceOplog.room(catalog))
                                .estimated(Estimating.on(backup, history(request, source, database, backup)))
                                .job();
                    },
                    run,
                    run.log().start().runId());
        }
    }

    /** Of the replica set that was backed up. */
    private ReleaseHistory history(
            RehearseRequest request, MigrationSource source, String database, RestoreSource backup) {
        String set = backup.plan().identity().replicaSetId();
        return new PastReleases(workspace, workspace.ledger()::newestEntries)
                .of(target -> target.replicaSetId().equals(set))
                .of(known(request, source).tool(), database);
    }

    private Rehearsal rehearsal(
            RehearseRequest request, MigrationSource source, String database, StepRun run, StagingServer server) {
        StagingStage copy = StagingStage.on(server);
        MigrationSource there = source.on(copy, workspace.clocks().ticker());
        if (isAsked(request)) {
            requireKnown(request, there.artefact());
        }
        return new Rehearsal(
                there,
                there.runner(tools(request)),
                copy,
                database,
                request.options(),
                workspace.clocks().wall(),
                workspace.clocks().ticker(),
                run.lanes(),
                run::checkpoint);
    }

    private static RunTools tools(RehearseRequest request) {
        return new RunTools(shipped(), request.java(), request.applicationUri(), request.reachable());
    }

    /** The build lays Mongock beside the application, and never among its libraries. */
    static Path shipped() {
        try {
            Path application = Path.of(Rehearsing.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return application.resolveSibling("mongock");
        } catch (URISyntaxException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private RehearseResult planned(RehearseRequest request, Artefact artefact, String database, RestoreSource backup) {
        return new RehearseResult(
                "",
                "planned",
                backup.manifest().id().value(),
                new RehearsalFacts(
                        artefact.tool(),
                        artefact.version().orElse(""),
                        artefact.location(),
                        artefact.digest().orElse(""),
                        database,
                        request.options().full(),
                        List.of()),
                0,
                "",
                "",
                "",
                "");
    }
}
