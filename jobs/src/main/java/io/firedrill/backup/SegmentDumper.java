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
import io.firedrill.mongo.RangeScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads the units of a plan from the source and stores them. Safe for use by many threads, one unit each. */
public final class SegmentDumper {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final KnownSegments known;
    private final Runnable checkpoint;

    /**
     * @param checkpoint called often, and before each durable write; throws when the run must not go on
     */
    public SegmentDumper(
            Deployment source, BackupCatalog catalog, SegmentSize size, KnownSegments known, Runnable checkpoint) {
        this.source = source;
        this.catalog = catalog;
        this.size = size;
        this.known = known;
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
                segments.addAll(dump(plan, range, bytes -> {
                    turn.passed(bytes, checkpoint);
                    progress.accept(bytes);
                }));
            }
        }
        checkpoint.run();
        catalog.write(new Part(plan.id(), unit.id(), segments));
    }

    private List<Segment> dump(BackupPlan plan, Range range, LongConsumer progress) {
        CollectionShape shape = plan.collections().get(range.collection());
        requireReadable(plan, shape);
        var scan = new RangeScan(
                shape.namespace(), shape.uuid().orElseThrow(), range.min(), range.max(), Optional.of(plan.at()));
        var cut = new SegmentCut(catalog.segments(), known, size.max(), range, plan.at());
        var paced = new Pace(checkpoint, progress);
        scan.read(source, (bytes, offset, length) -> {
            cut.add(bytes, offset, length);
            paced.advance(length);
        });
        paced.flush();
        return cut.finish();
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
