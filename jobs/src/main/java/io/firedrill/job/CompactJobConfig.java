package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.Synthetic;
import io.firedrill.backup.CopyReader;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SegmentDumper;
import io.firedrill.backup.SegmentSize;
import io.firedrill.backup.SyntheticPlanner;
import io.firedrill.evidence.Clocks;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.oplog.CheckedChain;
import io.firedrill.restore.RestoreSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.batch.core.job.Job;

/**
 * Compact: restore to the moment in a server of our own, prove it, then dump that copy as a backup of the source, publish the
 * manifest last so that half a backup is none. The source is never asked.
 */
public final class CompactJobConfig {
    private final Steps steps;
    private final StepRun run;
    private final BackupCatalog catalog;
    private final RestoreJobConfig restore;
    private final RestoreSource base;
    private final PointInTime moment;
    private final Deployment copy;
    private final BackupId id;
    private final BackupEnding ending;
    private final SyntheticPlanner planner;
    private final ReadGate gate;
    private final Lazy<CarriedAccess> access;
    private final Lazy<KnownSegments> known;
    private final Lazy<BackupPlan> plan;
    private final Lazy<SegmentDumper> dumper;

    /**
     * @param restore of the base into the copy
     * @param copy that nobody else writes to
     * @param id of the backup that is made
     */
    public CompactJobConfig(
            Steps steps,
            StepRun run,
            BackupCatalog catalog,
            RestoreJobConfig restore,
            RestoreSource base,
            Compaction compaction,
            Deployment copy,
            BackupId id,
            SegmentSize size,
            Clocks clocks) {
        this.steps = steps;
        this.run = run;
        this.catalog = catalog;
        this.restore = restore.with(RestoreJobConfig.Users.CARRIED).to(compaction.moment());
        this.base = base;
        this.moment = compaction.moment();
        this.copy = copy;
        this.id = id;
        this.ending = new BackupEnding(run, catalog, clocks);
        this.planner = new SyntheticPlanner(copy, catalog, size);
        this.gate = new ReadGate(run.lanes(), 0, clocks.ticker());
        this.access =
                new Lazy<>(() -> new CarriedAccess(catalog, base, moment.chain().passedOver()));
        this.known = new Lazy<>(() -> KnownSegments.of(catalog));
        this.plan = new Lazy<>(() -> planner.plan(id, clocks.now(), shown(), known.get()));
        this.dumper = new Lazy<>(() -> dumper(size));
    }

    /** The copy is never called ready: what has expired since must not go from it before it is dumped. */
    public Job job() {
        return restore.toProven("compact", () -> {})
                .next(steps.once("plan", this::plan))
                .next(steps.each("dump", this::units, () -> plan.get().bytesEstimated(), this::dump))
                .next(steps.once("seal", () -> ending.seal(plan.get())))
                .next(steps.once("publish", () -> ending.publish(plan.get(), Optional.empty())))
                .build();
    }

    private SyntheticPlanner.Shown shown() {
        CheckedChain chain = moment.chain();
        List<CollectionShape> collections = new ArrayList<>(restore.shapes());
        collections.addAll(access.get().shapes());
        List<Excluded> excluded = new ArrayList<>(base.plan().excluded());
        excluded.addAll(access.get().excluded());
        return new SyntheticPlanner.Shown(
                base.plan().identity(),
                chain.reached(),
                collections,
                excluded,
                new Synthetic(
                        base.manifest().id(),
                        chain.from(),
                        moment.plan().window().timeline().number(),
                        chain.entries(),
                        chain.lastEntry(),
                        moment.proof()));
    }

    private void plan() {
        BackupPlan made = plan.get();
        Synthetic how = made.synthetic().orElseThrow();
        access.get().excluded().forEach(left -> run.log().exclude(left.namespace(), left.reason()));
        run.log()
                .note(
                        "synthetic",
                        "backup %s, out of backup %s and %d entries of timeline %d from %s to %s; proof: %s"
                                .formatted(
                                        id,
                                        how.base(),
                                        how.entries(),
                                        how.timeline(),
                                        how.from(),
                                        made.at(),
                                        how.proof()));
        run.log().notTested("that this backup can be restored: a drill proves it");
    }

    private SegmentDumper dumper(SegmentSize size) {
        return new SegmentDumper(
                new CopyReader(copy, identities()),
                catalog,
                size,
                known.get(),
                access.get().in(plan.get()),
                run::checkpoint);
    }

    private Map<Namespace, UUID> identities() {
        Map<Namespace, UUID> found = new HashMap<>();
        var reader = new CatalogReader(copy);
        reader.databases().forEach(database -> found.putAll(reader.uuids(database)));
        return found;
    }

    private List<String> units() {
        return BackupEnding.units(plan.get());
    }

    private void dump(String unit) {
        dumper.get().dump(plan.get(), BackupEnding.unit(plan.get(), unit), gate, run.progress()::advance);
    }
}
