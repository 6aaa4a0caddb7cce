package io.firedrill.restore;

import io.firedrill.archive.RunningDigest;
import io.firedrill.archive.Segment;
import io.firedrill.archive.VerifiedSegment;
import io.firedrill.mongo.BulkLoad;
import io.firedrill.mongo.BulkLoad.Order;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import java.util.Set;
import java.util.function.LongConsumer;

/** Loads units into the target: each segment is verified before its first document is sent. Thread-safe. */
public final class SegmentLoader {
    private final Deployment target;
    private final RestoreSource source;
    private final StagingMarker marker;
    private final Set<String> done;
    private final Runnable checkpoint;

    /**
     * @param done units that an earlier attempt completed
     * @param checkpoint called before each segment and each durable write; throws when the run must not go on
     */
    public SegmentLoader(
            Deployment target, RestoreSource source, StagingMarker marker, Set<String> done, Runnable checkpoint) {
        this.target = target;
        this.source = source;
        this.marker = marker;
        this.done = Set.copyOf(done);
        this.checkpoint = checkpoint;
    }

    /**
     * @param progress told the raw bytes loaded
     */
    public void load(String unit, LongConsumer progress) {
        for (Segment segment : source.part(unit).segments()) {
            if (!done.contains(unit)) {
                checkpoint.run();
                load(segment);
            }
            progress.accept(segment.bytesOfObjects());
        }
        if (!done.contains(unit)) {
            checkpoint.run();
            // Majority and journal: with this write, all documents of the unit before it are durable too.
            marker.done(unit);
        }
    }

    private void load(Segment segment) {
        VerifiedSegment verified = source.fetch(segment);
        CollectionShape shape = source.plan().collections().get(segment.collection());
        var bulk = new BulkLoad(target, shape.namespace(), shape.isCapped() ? Order.KEPT : Order.ANY, checkpoint);
        if (segment.delta().isPresent()) {
            var digest = new RunningDigest();
            verified.forEachDocument((bytes, offset, length) -> {
                digest.add(bytes, offset, length);
                bulk.add(bytes, offset, length);
            });
            source.remember(segment, digest.end());
        } else {
            verified.forEachDocument(bulk::add);
        }
        bulk.flush();
    }
}
