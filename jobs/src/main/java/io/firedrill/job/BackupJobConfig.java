package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Digests;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogSpan;
import io.firedrill.backup.BackupPlanner;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.Moments;
import io.firedrill.backup.OplogOfBackup;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SegmentDumper;
import io.firedrill.backup.SegmentSize;
import io.firedrill.backup.SourceReader;
import io.firedrill.backup.Untouched;
import io.firedrill.evidence.BackupFacts;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Party;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import io.firedrill.oplog.DeltaLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.springframework.batch.core.job.Job;

/** Backup: plan, spare what need not be read, dump every other unit, look at every object, publish the manifest last so that half a backup is none. */
public final class BackupJobConfig {
    /** The step whose units workers can take. */
    public static final String DUMP = "dump";

    private final Steps steps;
    private final StepRun run;
    private final Deployment source;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final BackupPlanner planner;
    private final BackupEnding ending;
    private final OplogOfBackup oplog;
    private final Coverage coverage;
    private final Clocks clocks;
    private final Lazy<BackupPlan> plan;
    private final Lazy<KnownSegments> known;
    private final Lazy<Moments> moments;
    private final Lazy<Untouched> untouched;
    private final Lazy<SegmentDumper> dumper;
    private final Set<String> spared = ConcurrentHashMap.newKeySet();
    private double rereadShare = SparedReading.SHARE;
    private DeltaLimits limits = DeltaLimits.DEFAULT;
    private Deployment reader;
    private ReadGate gate;

    public BackupJobConfig(
            Steps steps,
            StepRun run,
            Deployment source,
            BackupCatalog catalog,
            BackupId id,
            SegmentSize size,
            Set<String> exclude,
            Clocks clocks) {
        this.steps = steps;
        this.run = run;
        this.source = source;
        this.catalog = catalog;
        this.clocks = clocks;
        this.coverage = new Coverage(exclude);
        this.planner = new BackupPlanner(source, catalog, size, coverage, run::checkpoint);
        this.ending = new BackupEnding(run, catalog, clocks);
        this.oplog = new OplogOfBackup(source, catalog, coverage, run::checkpoint);
        this.plan = new Lazy<>(() -> planner.plan(id, clocks.now()));
        this.reader = source;
        this.gate = new ReadGate(run.lanes(), 0, clocks.ticker());
        this.known = new Lazy<>(() -> KnownSegments.of(catalog));
        this.moments = new Lazy<>(() -> new Moments(source, reader, plan.get(), coverage, clocks.ticker()));
        this.untouched = new Lazy<>(this::spared);
        this.size = size;
        this.dumper = new Lazy<>(() -> dumper(untouched.get()));
    }

    /**
     * Reads somewhere else, and not as fast as it can.
     *
     * @param member of the source's replica set, which the scans are sent to
     * @param limit how many scans at a time, and how fast
     */
    public BackupJobConfig reading(Deployment member, ReadGate limit) {
        reader = member;
        gate = limit;
        return this;
    }

    /**
     * Reads some of what has not changed all the same, to prove that it has not.
     *
     * @param share of the segments, above 0 and up to 1
     */
    public BackupJobConfig rereading(double share) {
        rereadShare = share;
        return this;
    }

    /** Reads only what has changed of a range, within other limits than are ours. */
    public BackupJobConfig deltas(DeltaLimits wanted) {
        limits = wanted;
        return this;
    }

    private SegmentDumper dumper(Untouched spared) {
        return new SegmentDumper(
                new SourceReader(source, reader, moments.get()), catalog, size, known.get(), spared, run::checkpoint);
    }

    /** The moments first: they wait until the member that is read has come to the plan's, and see how long it shows it. */
    private Untouched spared() {
        moments.get();
        return new SparedReading(run, reader, catalog, gate, clocks).find(plan.get(), known.get(), limits, rereadShare);
    }

    public Job job() {
        return steps.job("backup")
                .start(steps.once("plan", this::plan))
                .next(steps.once("compare", untouched::get))
                .next(steps.once("spare", this::spare))
                .next(steps.spread(DUMP, this::units, this::bytesLeft, this::dump, this::dumped))
                .next(steps.once("seal", () -> ending.seal(plan.get())))
                .next(steps.once("publish", this::publish))
                .build();
    }

    private void plan() {
        DeploymentIdentity identity = plan.get().identity();
        run.log().source(party("source", identity));
        plan.get().excluded().forEach(left -> run.log().exclude(left.namespace(), left.reason()));
        run.log().notTested("that this backup can be restored: a drill proves it");
    }

    /** Eight at a time, and here: what need not be read is not worth a worker's way. */
    private void spare() {
        Requests.all(
                plan.get().units(),
                unit -> dumper.get().spare(plan.get(), unit, gate, run.progress()::advance) && spared.add(unit.id()));
    }

    private String dump(String unit, LongConsumer progress) {
        return dumper.get().dump(plan.get(), BackupEnding.unit(plan.get(), unit), gate, progress);
    }

    private void dumped(String unit, String readWhole) {
        dumper.get().readWhole(BackupEnding.unit(plan.get(), unit), readWhole);
    }

    /** What a worker does for a backup that another process has planned: what could not be spared there, it reads whole. */
    public UnitWork atWorker() {
        var whole = new Lazy<>(() -> dumper(Untouched.none("units of workers are read whole")));
        return (unit, progress) -> whole.get().dump(plan.get(), BackupEnding.unit(plan.get(), unit), gate, progress);
    }

    private void publish() {
        SparedReading.noteSpared(run, dumper.get().kept());
        ending.publish(plan.get(), oplogOfSpan());
    }

    /** A phase of its own, but only where there is anything to do. */
    private Optional<OplogSpan> oplogOfSpan() {
        SortedSet<OpTime> moments = ending.moments(plan.get());
        if (moments.size() < 2 || catalog.isSealed(plan.get().id())) {
            return Optional.empty();
        }
        run.log().note("moments", "%d, from %s to %s".formatted(moments.size(), moments.first(), moments.last()));
        return run.log().timeline().measure("oplog", true, () -> oplog.store(plan.get(), moments));
    }

    /** Those that have to be read. A step wants one at least; where that is done already, it is left as it is. */
    private List<String> units() {
        List<String> all = BackupEnding.units(plan.get());
        List<String> left = all.stream().filter(unit -> !spared.contains(unit)).toList();
        return left.isEmpty() ? all.stream().limit(1).toList() : left;
    }

    private long bytesLeft() {
        return plan.get().units().stream()
                .filter(unit -> !spared.contains(unit.id()))
                .mapToLong(Unit::bytesEstimated)
                .sum();
    }

    /** A deployment as records name it. */
    public static Party party(String name, DeploymentIdentity identity) {
        return new Party(
                name,
                identity.setName(),
                identity.replicaSetId(),
                identity.hosts(),
                identity.version(),
                identity.featureCompatibilityVersion());
    }

    static BackupFacts facts(Manifest manifest, BackupCatalog catalog) {
        return new BackupFacts(
                manifest.id().value(),
                manifest.createdAt().toString(),
                manifest.consistencyPoint().toString(),
                manifest.consistencyPoint().instant(),
                catalog.manifestKey(manifest.id()).value(),
                Digests.sha256Hex(catalog.readManifest(manifest.id())),
                manifest.totals().documents(),
                manifest.totals().bytesRaw(),
                manifest.totals().bytesStored(),
                manifest.totals().segments(),
                manifest.totals().segmentsReused(),
                manifest.totals().collections());
    }
}
