package io.firedrill.oplog;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A collection that is replayed into.
 *
 * @param namespace where it lies in the target
 * @param sequence whether its operations must stay in their order, all of them: it has a collator that alone knows which
 *     ids are the same, or an order of its own
 * @param capped whether it removes its oldest documents by itself
 * @param expected how many documents it must come to, by what was loaded and what has been replayed since
 */
record ReplayedCollection(
        Namespace namespace, boolean sequence, boolean capped, CollectionMoments moments, AtomicLong expected) {

    static ReplayedCollection of(CollectionShape shape, List<Segment> segments) {
        return of(
                shape,
                CollectionMoments.of(segments, shape.isSequence()),
                new AtomicLong(
                        segments.stream().mapToLong(Segment::documentsOfRange).sum()));
    }

    /** Whether a server takes no write to it within a transaction. */
    boolean isOutsideTransactions() {
        return capped || namespace.collection().startsWith("system.");
    }

    /** One that the replay itself has created: whatever is said of it is done. */
    static ReplayedCollection created(CollectionShape shape) {
        return of(shape, CollectionMoments.BEFORE_ALL, new AtomicLong());
    }

    private static ReplayedCollection of(CollectionShape shape, CollectionMoments moments, AtomicLong expected) {
        return new ReplayedCollection(shape.namespace(), shape.isSequence(), shape.isCapped(), moments, expected);
    }

    /** The same under another name or with other options. */
    ReplayedCollection as(CollectionShape shape) {
        return of(shape, moments, expected);
    }
}
