package io.firedrill.oplog;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** When each range of one collection was read: the moment from which on its documents have to be replayed. */
final class CollectionMoments {
    /** Of a collection of which nothing was read: every operation comes later. */
    static final CollectionMoments BEFORE_ALL = new CollectionMoments(new OpTime(0, 0), new TreeMap<>());

    private final OpTime first;
    private final NavigableMap<BsonValue, OpTime> byMin;

    private CollectionMoments(OpTime first, NavigableMap<BsonValue, OpTime> byMin) {
        this.first = first;
        this.byMin = byMin;
    }

    /**
     * @param segments all of one collection
     * @param sequence whether it was read as a whole, at one time, so that bounds mean nothing
     */
    static CollectionMoments of(List<Segment> segments, boolean sequence) {
        OpTime first = segments.stream()
                .filter(segment -> segment.min().isEmpty())
                .map(Segment::at)
                .findFirst()
                .orElseThrow();
        NavigableMap<BsonValue, OpTime> byMin = new TreeMap<>(BsonOrder.INSTANCE);
        boolean one = segments.stream().map(Segment::at).distinct().count() == 1;
        for (Segment segment : sequence || one ? List.<Segment>of() : segments) {
            idOf(segment.min()).ifPresent(id -> byMin.put(id, segment.at()));
        }
        return new CollectionMoments(first, byMin);
    }

    private static Optional<BsonValue> idOf(Optional<BsonDocument> bound) {
        return bound.map(document -> document.get("_id"));
    }

    /** When the document of an id was read, or found not to be there. */
    OpTime of(BsonValue id) {
        var range = byMin.floorEntry(id);
        return range == null ? first : range.getValue();
    }
}
