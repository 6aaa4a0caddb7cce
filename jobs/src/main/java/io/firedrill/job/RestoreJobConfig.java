package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Party;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.restore.AccessRestorer;
import io.firedrill.restore.AccessRestorer.Access;
import io.firedrill.restore.CollectionBuilder;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingGuard;
import io.firedrill.restore.StagingMarker;
import io.firedrill.restore.StagingPreparer;
import io.firedrill.verify.AccessComparison;
import io.firedrill.verify.RestoreVerifier;
import io.firedrill.verify.SegmentDifference;
import io.firedrill.verify.SegmentProof;
import io.firedrill.verify.ShapeComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.step.Step;

/**
 * Restore: guard before the first write, check every object before the first write, load, index, prove by reading back,
 * ready marker last. A drill is the same, and cleans up after the clock has stopped.
 */
public final class RestoreJobConfig {
    private static final long SMALL_BYTES_MAX = 1 << 20;

    private final Steps steps;
    private final StepRun run;
    private final BackupCatalog catalog;
    private final RestoreSource source;
    private final Deployment target;
    private final StagingGuard guard;
    private final Supplier<List<DeploymentIdentity>> sources;
    private final StagingMarker marker;
    private final StagingPreparer preparer;
    private final CollectionBuilder collections;
    private final RestoreUnits units;
    private final AccessRestorer access;
    private final Lazy<RestoreSource.Amount> amount;
    private boolean resumed;
    private List<CollectionShape> shapes;
    private Map<Namespace, Long> replayed = Map.of();
    private Optional<PointInTime> moment = Optional.empty();
    private String aim;
    private Users users = Users.LEFT_OUT;
    private String targetName = "staging";

    /**
     * @param sources everybody the guard must refuse as a target
     */
    public RestoreJobConfig(
            Steps steps,
            StepRun run,
            BackupCatalog catalog,
            RestoreSource source,
            Deployment target,
            StagingGuard guard,
            Supplier<List<DeploymentIdentity>> sources) {
        this.steps = steps;
        this.run = run;
        this.catalog = catalog;
        this.source = source;
        this.target = target;
        this.guard = guard;
        this.sources = sources;
        this.marker = new StagingMarker(target);
        this.preparer = new StagingPreparer(target, marker);
        this.collections = new CollectionBuilder(target, marker);
        this.access = new AccessRestorer(target, source, marker);
        this.aim = source.selection().toString();
        this.amount = new Lazy<>(source::amount);
        this.shapes = source.plan().data();
        this.units = new RestoreUnits(run, source, target);
    }

    /** Whether the users and roles of the backup are restored too. */
    public enum Users {
        LEFT_OUT,
        RESTORED,
        /** They stay in the store, where another backup takes them over as they lie. */
        CARRIED
    }

    /** Restores users and roles too. */
    public RestoreJobConfig with(Users wanted) {
        users = wanted;
        return this;
    }

    /** Goes on from the backup to a moment. */
    public RestoreJobConfig to(RecoveryPlan plan) {
        return to(new PointInTime(catalog, plan, run));
    }

    /** The same, where the way has been looked at before. */
    public RestoreJobConfig to(PointInTime wanted) {
        moment = Optional.of(wanted);
        aim = wanted.plan().aim(source.selection());
        return this;
    }

    /** Calls the target in the record what it is: made for this run alone. */
    public RestoreJobConfig ephemeral() {
        targetName = Party.EPHEMERAL;
        return this;
    }

    public Job restore() {
        return toReady("restore").build();
    }

    /** One that died while it cleaned up has nothing left to prove, and goes on with cleaning. */
    public Job drill(boolean keep) {
        Step cleanup = steps.after("cleanup", this::clean);
        boolean cleaning = marker.read()
                .filter(mark -> mark.state() == StagingMarker.State.CLEANING)
                .isPresent();
        if (cleaning) {
            return steps.job("drill")
                    .start(steps.once("guard", () -> guard.checkForCleaning(preparer.look(), sources.get())))
                    .next(cleanup)
                    .build();
        }
        SimpleJobBuilder drill = toReady("drill");
        return keep ? drill.build() : drill.next(cleanup).build();
    }

    private SimpleJobBuilder toReady(String name) {
        return toProven(name, this::ready);
    }

    /**
     * Everything up to the proof.
     *
     * @param proven what is done as soon as the copy is proven
     */
    SimpleJobBuilder toProven(String name, Runnable proven) {
        Step index = steps.each("index", this::positions, () -> 0L, this::index);
        Step verify = steps.spread(
                RestoreUnits.VERIFY, source::dataUnits, () -> amount.get().bytesRaw(), units::verify, units::verified);
        SimpleJobBuilder checked = steps.job(name)
                .start(steps.once("guard", this::guard))
                .next(steps.spread(
                        RestoreUnits.CHECK,
                        this::unitsToCheck,
                        () -> amount.get().bytesStored(),
                        units::check,
                        (_, objects) -> units.checked(objects)));
        SimpleJobBuilder loaded = moment.map(point -> checked.next(steps.once("chain", point::check)))
                .orElse(checked)
                .next(steps.once("prepare", this::prepare))
                .next(steps.spread(
                        RestoreUnits.LOAD,
                        source::dataUnits,
                        () -> amount.get().bytesRaw(),
                        units::load,
                        (_, _) -> {}));
        // What was read at several moments is proven as it was read, then brought to one; unique indexes hold only
        // then.
        SimpleJobBuilder complete = replays()
                ? loaded.next(verify).next(steps.once("replay", this::replay)).next(index)
                : loaded.next(index).next(verify);
        return complete.next(steps.once("judge", () -> {
            judge();
            proven.run();
        }));
    }

    /** The collections and views that the copy holds, with their identities in the source. */
    List<CollectionShape> shapes() {
        return shapes;
    }

    private boolean replays() {
        return moment.isPresent() || source.manifest().oplog().isPresent();
    }

    private void guard() {
        catalog.keys().requireOpening(source.manifest().keys());
        StagingGuard.Target found = preparer.look();
        new RestoreNotes(run.log(), source, users).take(targetName, found, catalog, moment.isPresent());
        // Of a selection this reads parts: a damaged one is found in a step that can say so.
        amount.get();
        guard.check(found, sources.get(), run.log().start().runId(), source, aim);
    }

    /** A whole backup is checked as a whole; of a selection only what is needed is read. */
    private List<String> unitsToCheck() {
        boolean needed = users == Users.RESTORED || !source.narrowing().isPartial();
        return needed ? source.units() : source.dataUnits();
    }

    private void prepare() {
        long objects = units.objectsChecked() + source.checkOplog(run.progress()::advance);
        run.log()
                .check(Check.passed(
                        "objects",
                        source.narrowing().isPartial()
                                ? "SHA-256 over every stored object of the selection, before the first write to the target"
                                : "SHA-256 over every stored object, before the first write to the target",
                        objects + " sound objects",
                        objects + " sound objects",
                        objects,
                        objects));
        if (users == Users.RESTORED) {
            // Refuses what would be overwritten, before the first write.
            access.examine();
        }
        boolean wasReady = marker.read()
                .filter(mark -> mark.state() == StagingMarker.State.READY)
                .isPresent();
        preparer.claim(
                run.log().start().runId(),
                source.manifest().id().value(),
                aim,
                run.log().startedAt().toEpochMilli());
        if (marker.isReplaying()) {
            // What was ready is proven from the beginning, whoever has been there since.
            resumed = !wasReady && new StagingReplay(target, source, marker, moment).isResumable();
            if (resumed) {
                run.log()
                        .note(
                                "resumed",
                                "the replay of an attempt that was cut off; what was loaded, that attempt proved");
                return;
            }
            new StagingCleaner(target, marker).startOver();
        }
        Map<Namespace, Long> bytes = source.bytesRaw();
        // Which indexes there are in the end, only the replay knows.
        boolean early = !replays();
        collections.createCollections(
                source.plan(), shape -> early && bytes.getOrDefault(shape.namespace(), 0L) <= SMALL_BYTES_MAX);
    }

    /** Of the collections and views, as units; of nothing at all there is one. */
    private List<String> positions() {
        return IntStream.range(0, Math.max(1, shapes.size()))
                .mapToObj(Integer::toString)
                .toList();
    }

    private void index(String position) {
        int at = Integer.parseInt(position);
        if (at < shapes.size() && shapes.get(at).hasDocuments()) {
            collections.createIndexes(shapes.get(at));
        }
    }

    private void judge() {
        collections.createViews(shapes);
        Map<Namespace, String> differences = ShapeComparison.differences(shapes, new CatalogReader(target).read());
        var verifier = new RestoreVerifier(source.plan(), shapes, units.proofs(), differences);
        verifier.collections(replayed).forEach(run.log()::collection);
        Check definitions = verifier.definitions();
        if (!replays()) {
            judgeContent(verifier);
        }
        run.log().check(definitions);
        requirePassed(definitions);
        moment.ifPresent(point -> point.prove(
                target, source.selection(), !source.narrowing().renamed().isEmpty()));
        if (users == Users.RESTORED) {
            restoreUsers();
        }
        run.checkpoint();
    }

    /** From here on the copy is the user's, and what has expired by its TTL goes. */
    private void ready() {
        preparer.ready();
        run.log().ready();
    }

    private void judgeContent(RestoreVerifier verifier) {
        Check content = verifier.content(source.segmentsOfData(), differences(verifier.unequal()));
        run.log().check(content);
        requirePassed(content);
    }

    /** What was loaded must be what was read, before anything is built on it. */
    private void replay() {
        judgeContent(new RestoreVerifier(source.plan(), shapes, units.proofs(), Map.of()));
        // The oplog may say of any view that it was changed.
        if (!resumed) {
            collections.createViews(shapes);
        }
        var replay = new StagingReplay(target, source, marker, moment);
        run.log().check(replay.replay(run));
        shapes = replay.shapes();
        replayed = replay.documents();
    }

    /** Last of all, when the data is proven: nobody signs in to a copy that is none. */
    private void restoreUsers() {
        Access wanted = access.examine();
        access.restore(wanted);
        for (String left : wanted.left()) {
            run.log().exclude(Namespace.USERS + " " + left, "the restoring user: it stays as it is in the target");
        }
        Check check = AccessComparison.check(target, wanted.wanted());
        run.log().check(check);
        requirePassed(check);
    }

    static void requirePassed(Check check) {
        if (check.result() != Check.Result.PASSED) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "%s differs: %d of %d equal; %s"
                            .formatted(check.id(), check.matched(), check.population(), check.detail()),
                    "Do not use this copy. Keep staging as it is, look at the documents named, and restore another backup.");
        }
    }

    private String differences(List<SegmentProof> unequal) {
        List<String> lines = new ArrayList<>();
        for (SegmentProof proof : unequal.subList(0, Math.min(3, unequal.size()))) {
            Segment segment = proof.segment();
            CollectionShape shape = source.plan().collections().get(segment.collection());
            UUID uuid = units.uuids().get(shape.namespace());
            if (uuid != null) {
                lines.add(SegmentDifference.describe(target, shape, uuid, segment, source.fetch(segment)));
            }
        }
        return String.join("; ", lines);
    }

    private void clean() {
        var cleaner = new StagingCleaner(target, marker);
        int principals = cleaner.principals().size();
        int dropped = cleaner.clean().size();
        run.log()
                .disposal(
                        "dropped what the marker named",
                        "%d collections and views, %d users and roles dropped".formatted(dropped, principals));
    }
}
