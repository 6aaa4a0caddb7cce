package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;

/**
 * Reads capped collections while the plan is being made, not with the other units: only the snapshot that was opened at
 * the plan's own cluster time shows them as they were then.
 */
final class CappedDumper {
    private final CappedSnapshot snapshot;
    private final SegmentStore store;
    private final KnownSegments known;
    private final SegmentSize size;
    private final Runnable checkpoint;

    CappedDumper(
            CappedSnapshot snapshot, SegmentStore store, KnownSegments known, SegmentSize size, Runnable checkpoint) {
        this.snapshot = snapshot;
        this.store = store;
        this.known = known;
        this.size = size;
        this.checkpoint = checkpoint;
    }

    /**
     * Stores one collection.
     *
     * @param collection position in the plan's list of collections
     * @return its segments, which follow one another in natural order
     */
    List<Segment> dump(int collection, CollectionShape shape, OpTime at) {
        var range = new Range(collection, Optional.empty(), Optional.empty());
        var cut = new SegmentCut(store, known, size.max(), range, at);
        var paced = new Pace(checkpoint, bytes -> {});
        snapshot.read(shape, (bytes, offset, length) -> {
            cut.add(bytes, offset, length);
            paced.advance(length);
        });
        paced.flush();
        return cut.finish();
    }
}
