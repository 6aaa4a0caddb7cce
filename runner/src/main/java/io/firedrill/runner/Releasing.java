package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.ReleaseRun;
import io.firedrill.job.StepRun;
import io.firedrill.migration.LagWatch;
import io.firedrill.migration.MigrationDatabase;
import io.firedrill.migration.MigrationSource;
import io.firedrill.migration.ReceiptGate;
import io.firedrill.migration.RehearsalRows;
import io.firedrill.migration.Release;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.ReleaseTarget;
import io.firedrill.migration.RollbackGate;
import io.firedrill.migration.RunTarget;
import io.firedrill.migration.RunTools;
import io.firedrill.migration.Standing;
import io.firedrill.migration.ToolsAtWork;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.MemberLag;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Applies migrations to the source, or takes them back there, wired: the gate first, then one change after the other. */
final class Releasing {
    /** A process that has just ended is one that the server may still have to hear of. */
    private static final Duration LETTING_GO = Duration.ofSeconds(3);

    private final RunContext context;
    private final Workspace workspace;
    private final Deployment deployment;
    private final DeploymentIdentity identity;
    private final BackupCatalog catalog;
    private final ReleaseRequest request;
    private final MigrationSource source;
    private final String database;
    private final Optional<RehearsalRows> rows;
    private final SoundLedger sound;

    Releasing(
            RunContext context,
            Workspace workspace,
            Deployment deployment,
            BackupCatalog catalog,
            ReleaseRequest request) {
        this.context = context;
        this.workspace = workspace;
        this.deployment = deployment;
        this.identity = deployment.identity();
        this.catalog = catalog;
        this.request = request;
        this.source = Migrations.source(request.of());
        this.database = Migrations.database(request.database(), source);
        this.rows = request.recordIn().map(name -> new RehearsalRows(deployment, name, database));
        this.sound = new SoundLedger(workspace, context.notices());
    }

    /**
     * What the gate has admitted.
     *
     * @param untold what nobody can tell from here of earlier releases
     */
    private record Admitted(Optional<Receipt> receipt, ReleaseFacts planned, List<String> untold) {
        /** What a reader might believe was shown, and was not. */
        List<String> unproven() {
            return Stream.concat(untold.stream(), receipt.stream().flatMap(each -> ReceiptDoubts.of(each).stream()))
                    .toList();
        }

        Admitted telling(List<String> words) {
            return new Admitted(receipt, planned, words);
        }
    }

    ReleaseResult release() {
        if (request.dryRun()) {
            return planned();
        }
        String lease = lease();
        var recorded = new RecordedRun(context, workspace, request.kind())
                .with("artefact", source.artefact().location())
                .with("database", database);
        request.repaired().forEach((id, reason) -> recorded.with(PastReleases.REPAIRED + id, reason));
        var begun = new AtomicReference<>("");
        try {
            RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> release(run, begun));
            tellEnd(begun.get());
            return result(record, recorded);
        } catch (RuntimeException ended) {
            try {
                tellEnd(begun.get());
            } catch (RuntimeException untold) {
                ended.addSuppressed(untold);
            }
            throw ended;
        }
    }

    /** One at a time for a source, whether it applies or takes back. */
    private String lease() {
        return "release-" + catalog.source();
    }

    /** Nobody else may be at work, and then a run without an end is dead. */
    private ReleaseResult planned() {
        sound.trust();
        workspace.leases().current(lease()).ifPresent(held -> {
            throw new Failure(
                    FailureKind.LOCK_HELD,
                    "run %s (%s on %s) is at work on this source"
                            .formatted(
                                    held.holder().runId(),
                                    held.holder().command(),
                                    held.holder().host()),
                    "Wait until it has ended; what would be run is told after that.");
        });
        Admitted admitted = admit();
        ReleaseFacts planned = estimated(admitted);
        return new ReleaseResult(
                "",
                request.kind().word(),
                "planned",
                identity.setName(),
                planned,
                0,
                "",
                "",
                PastReleases.dead(workspace, lease())
                        .map(dead -> PastReleases.text(dead, planned))
                        .orElse(""),
                admitted.unproven());
    }

    private ReleaseResult result(RunRecord record, RecordedRun recorded) {
        return new ReleaseResult(
                record.runId(),
                request.kind().word(),
                record.outcome().name().toLowerCase(Locale.ROOT),
                identity.setName(),
                record.release().orElseThrow(),
                record.elapsedSeconds(),
                record.key(),
                recorded.reportFile(record).toString(),
                "",
                record.json()
                        .at("/verification/notTested")
                        .valueStream()
                        .map(each -> each.asString(""))
                        .toList());
    }

    /** The row of a run that has begun gets what its record says. */
    private void tellEnd(String runId) {
        if (rows.isPresent() && !runId.isEmpty()) {
            workspace.ledger().newest(record -> record.runId().equals(runId)).ifPresent(rows.get()::ended);
        }
    }

    private void release(StepRun run, AtomicReference<String> begun) {
        run.log().source(BackupJobConfig.party("source", identity));
        Admitted admitted = run.log().timeline().measure("gate", false, () -> {
            run.log().note("trust", sound.trust());
            return admit();
        });
        if (admitted.planned().changes().isEmpty()) {
            run.log().release(admitted.planned());
            run.log().check(Check.passed("apply", "the tool's rows", "nothing is pending", "nothing is pending", 0, 0));
            return;
        }
        admitted.untold().forEach(context.notices()::notice);
        requireConfirmed();
        // Whoever was asked may have taken their time.
        requireSame(admitted, admit());
        run.checkpoint();
        ReleaseFacts planned = estimated(admitted);
        run.log().release(planned);
        admitted.unproven().forEach(run.log()::notTested);
        String runId = run.log().start().runId();
        rows.ifPresent(table -> {
            table.put(rehearsals());
            table.begun(runId, request.kind().word(), run.log().startedAt(), planned);
            begun.set(runId);
        });
        run(run, planned);
    }

    /** Once, and not when the gate looks again: users write meanwhile, so it is never twice the same. */
    private ReleaseFacts estimated(Admitted admitted) {
        return admitted.receipt()
                .map(receipt -> Estimating.now(deployment, ofDatabase(past()), receipt, admitted.planned()))
                .orElse(admitted.planned());
    }

    private void run(StepRun run, ReleaseFacts planned) {
        String runId = run.log().start().runId();
        var target = new RunTarget(
                Objects.requireNonNull(workspace.settings().sourceUri()).reveal(),
                database,
                request.limits().timeLimit(),
                planned.receipt().isEmpty()
                        ? Map.of("release", runId)
                        : Map.of("rehearsal", planned.receipt(), "release", runId));
        var tools = new RunTools(Rehearsing.shipped(), request.java(), request.applicationUri());
        var release = new Release(
                source,
                source.runner(tools),
                deployment,
                target,
                workspace.clocks().wall(),
                runId,
                planned);
        context.stopRequested().takesUpTo(request.limits().timeLimit(), this::tellStop, release::kill);
        String uri = target.uri();
        var releasing = new ReleaseRun(
                run,
                release,
                () -> new LagWatch(
                        new MemberLag(deployment, host -> Deployments.connectToMember(uri, "target member", host))));
        if (request.applies()) {
            releasing.apply();
        } else {
            releasing.revert();
        }
    }

    private void tellStop() {
        context.notices()
                .notice(
                        "asked to stop: the change that is at work is waited for, up to --time-limit (%d s), and no other is begun; a second signal kills it"
                                .formatted(request.limits().timeLimit().toSeconds()));
    }

    private static void requireSame(Admitted before, Admitted now) {
        if (!before.planned().equals(now.planned())) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "what is to be run has changed since it was confirmed",
                    "Look with 'firedrill migrations list', and start again. Nothing was written.");
        }
    }

    private void requireConfirmed() {
        if (!context.confirmation().confirms(identity.setName())) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "writing into '%s' was not confirmed".formatted(identity.setName()),
                    "Say its name: --confirm %s. Nothing was written.".formatted(identity.setName()));
        }
    }

    private Admitted admit() {
        ReleaseHistory all = past();
        ReleaseHistory history = ofDatabase(all);
        var living = new LivingTools(history);
        // Of every database: releases of a source come one after the other.
        new LivingTools(all).requireNone();
        new ToolsAtWork(deployment, LETTING_GO).requireNone();
        Standing standing = source.standing(Optional.of(
                new MigrationDatabase(deployment, database, workspace.clocks().wall())));
        var found = new ReleaseTarget(
                source.artefact(), database, standing, identity, sealed(), history, source::isAllOrNothing);
        requireKnown(found.ids());
        Admitted admitted = request.applies() ? admitApply(found) : admitRollback(found);
        return admitted.telling(living.untold(standing));
    }

    /** A mistyped id would leave the change that was meant as it is, and quote a reason for one that there is not. */
    private void requireKnown(Set<String> ids) {
        request.repaired().keySet().stream()
                .filter(id -> !ids.contains(id))
                .findFirst()
                .ifPresent(id -> {
                    throw new Failure(
                            FailureKind.CONFIGURATION_INVALID,
                            "--repaired names '%s', and there is no such change".formatted(id),
                            Nearest.to(id, ids)
                                            .map("Did you mean '%s'? "::formatted)
                                            .orElse("")
                                    + "'firedrill migrations list' shows the ids. Nothing was written.");
                });
    }

    private Admitted admitApply(ReleaseTarget target) {
        var gate = new ReceiptGate(target, request.limits(), workspace.clocks().now());
        String digest = gate.requireReleasable();
        if (target.isUpToDate()) {
            return new Admitted(Optional.empty(), facts(target, "", List.of()), List.of());
        }
        Optional<Receipt> receipt = receipt(digest);
        List<RehearsalFacts.OfChange> left = gate.admit(receipt);
        String runId = receipt.orElseThrow().runId();
        return new Admitted(receipt, facts(target, runId, Release.applied(left, runId)), List.of());
    }

    /** The one that was named, or the newest of this artefact: one that failed hides those before it. */
    private Optional<Receipt> receipt(String digest) {
        Predicate<Receipt> wanted = request.receipt()
                .<Predicate<Receipt>>map(id -> each -> each.runId().equals(id))
                .orElse(each -> each.facts().artefactSha256().equals(digest));
        return Receipt.newestOf(sound.newestFirst().stream()).filter(wanted).findFirst();
    }

    private Admitted admitRollback(ReleaseTarget target) {
        List<Receipt> receipts = Receipt.newestOf(sound.newestFirst().stream()).toList();
        List<RollbackGate.Admitted> admitted = new RollbackGate(target, request.limits(), receipts).admit(request.to());
        return new Admitted(Optional.empty(), facts(target, "", Release.reverted(admitted)), List.of());
    }

    /** All that came to a verdict, whatever that was: who looks into the database should see what failed, too. */
    private List<Receipt> rehearsals() {
        String tool = source.artefact().tool();
        return Receipt.newestOf(sound.newestFirst().stream())
                .filter(each -> each.replicaSetId().equals(identity.replicaSetId())
                        && each.facts().tool().equals(tool)
                        && each.facts().database().equals(database))
                .toList();
    }

    /** Of the replica set that is written to. */
    private ReleaseHistory past() {
        return new PastReleases(workspace, () -> sound.newestFirst().stream())
                .of(target -> target.replicaSetId().equals(identity.replicaSetId()));
    }

    private ReleaseHistory ofDatabase(ReleaseHistory all) {
        return all.of(source.artefact().tool(), database);
    }

    private ReleaseFacts facts(ReleaseTarget target, String receipt, List<OfChange> changes) {
        return new ReleaseFacts(
                target.artefact().tool(),
                target.artefact().location(),
                target.artefact().digest().orElse(""),
                database,
                receipt,
                "",
                "",
                changes);
    }

    private Optional<ReleaseTarget.Sealed> sealed() {
        return catalog.newestSealed().map(id -> {
            Manifest manifest = catalog.manifest(id);
            return new ReleaseTarget.Sealed(
                    id.value(),
                    manifest.consistencyPoint().instant(),
                    catalog.plan(manifest).identity().replicaSetId());
        });
    }
}
