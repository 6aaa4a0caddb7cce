package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RangeScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Reads the units of a plan from the source and stores them. Safe for use by many threads, one unit each. */
public final class SegmentDumper {
    /** A range that cannot be read to its end within the history that the source keeps, cannot be read at all. */
    private static final int ATTEMPTS_MAX = 4;

    private final Deployment primary;
    private final Deployment source;
    private final BackupCatalog catalog;
    private final Moments moments;
    private final SegmentSize size;
    private final KnownSegments known;
    private final Untouched untouched;
    private final Runnable checkpoint;

    /**
     * @param primary of the replica set, where fences are written and the oplog is looked into
     * @param source the member that is read
     * @param moments at which it is read
     * @param untouched what is not read
     * @param checkpoint called often, and before each durable write; throws when the run must not go on
     */
    public SegmentDumper(
            Deployment primary,
            Deployment source,
            Moments moments,
            BackupCatalog catalog,
            SegmentSize size,
            KnownSegments known,
            Untouched untouched,
            Runnable checkpoint) {
        this.primary = primary;
        this.source = source;
        this.moments = moments;
        this.catalog = catalog;
        this.size = size;
        this.known = known;
        this.untouched = untouched;
        this.checkpoint = checkpoint;
    }

    /**
     * Dumps one unit, unless an earlier attempt did.
     *
     * @param gate that the scans pass
     * @param progress told the raw bytes read, as they are read
     */
    public void dump(BackupPlan plan, Unit unit, ReadGate gate, LongConsumer progress) {
        Optional<Part> done = catalog.part(plan.id(), unit.id());
        if (done.isPresent()) {
            progress.accept(
                    done.get().segments().stream().mapToLong(Segment::bytesRaw).sum());
            return;
        }
        List<Segment> segments = new ArrayList<>();
        try (ReadGate.Turn turn = gate.enter()) {
            for (Range range : unit.ranges()) {
                Optional<List<Segment>> spared = untouched.of(range);
                spared.ifPresent(same -> progress.accept(Untouched.bytesOf(same)));
                segments.addAll(spared.orElseGet(() -> dump(plan, range, bytes -> {
                    turn.passed(bytes, checkpoint);
                    progress.accept(bytes);
                })));
            }
        }
        checkpoint.run();
        catalog.write(new Part(plan.id(), unit.id(), segments));
    }

    /** A range is read at one time, whole; what was read of it before the source forgot that time counts for nothing. */
    private List<Segment> dump(BackupPlan plan, Range range, LongConsumer progress) {
        CollectionShape shape = plan.collections().get(range.collection());
        requireReadable(plan, shape);
        OpTime at = moments.current();
        for (int attempt = 1; ; attempt++) {
            try {
                return dump(range, shape, at, progress);
            } catch (Failure failure) {
                requireForgotten(plan, shape, failure);
                if (attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
                at = moments.after(at);
            }
        }
    }

    private List<Segment> dump(Range range, CollectionShape shape, OpTime at, LongConsumer progress) {
        var scan =
                new RangeScan(shape.namespace(), shape.uuid().orElseThrow(), range.min(), range.max(), Optional.of(at));
        var cut = new SegmentCut(catalog.segments(), known, size.max(), range, at);
        var paced = new Pace(checkpoint, progress);
        scan.read(source, (bytes, offset, length) -> {
            cut.add(bytes, offset, length);
            paced.advance(length);
        });
        paced.flush();
        return cut.finish();
    }

    /** A failure that another time would not mend goes on its way, by the name of what caused it. */
    private void requireForgotten(BackupPlan plan, CollectionShape shape, Failure failure) {
        if (SourceChange.isChange(failure)) {
            Set<UUID> collection = Set.of(shape.uuid().orElseThrow());
            new SourceChange(primary, plan.id().value())
                    .of(collection, plan.at())
                    .ifPresent(named -> {
                        throw named;
                    });
        } else if (!RangeScan.isTooOld(failure)) {
            throw failure;
        }
    }

    /** A capped collection was read when the plan was made; its state of that moment is gone since. */
    private static void requireReadable(BackupPlan plan, CollectionShape shape) {
        if (shape.isCapped()) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "the part of backup %s that holds the capped collection %s is gone from the store"
                            .formatted(plan.id(), shape.namespace()),
                    "Start a new backup: what this one read of it cannot be read again.");
        }
    }
}
