package io.firedrill.backup;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.IdLookup;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RangeScan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;

/** Reads a source that goes on being written to, by snapshots at known moments. */
public final class SourceReader implements RangeReader {
    /** A range that cannot be read to its end within the history that the source keeps, cannot be read at all. */
    private static final int ATTEMPTS_MAX = 4;

    private final Deployment primary;
    private final Deployment member;
    private final Moments moments;

    /**
     * @param primary of the replica set, where fences are written and the oplog is looked into
     * @param member that is read
     * @param moments at which it is read
     */
    public SourceReader(Deployment primary, Deployment member, Moments moments) {
        this.primary = primary;
        this.member = member;
        this.moments = moments;
    }

    @Override
    public List<Segment> read(BackupPlan plan, Range range, Cutting cutting) {
        CollectionShape shape = plan.collections().get(range.collection());
        requireReadable(plan, shape);
        OpTime at = moments.current();
        for (int attempt = 1; ; attempt++) {
            try {
                RangeScan scan = scan(shape, range, at);
                return cutting.cut(at, consumer -> scan.read(member, consumer));
            } catch (Failure failure) {
                requireForgotten(plan, shape, failure);
                if (attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
                at = moments.after(at);
            }
        }
    }

    @Override
    public Optional<Scan> lookUp(BackupPlan plan, Range range, BsonArray ids) {
        CollectionShape shape = plan.collections().get(range.collection());
        // What was written after the plan's moment, nobody has looked for.
        return moments.current().equals(plan.at())
                ? Optional.of(
                        consumer -> new IdLookup(shape.namespace(), shape.uuid().orElseThrow(), ids, plan.at())
                                .read(member, consumer))
                : Optional.empty();
    }

    private static RangeScan scan(CollectionShape shape, Range range, OpTime at) {
        return new RangeScan(shape.namespace(), shape.uuid().orElseThrow(), range.min(), range.max(), Optional.of(at));
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
