package io.firedrill.oplog;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.List;
import org.bson.BsonValue;

/** When each range of one collection was read: the moment from which on its documents have to be replayed. */
final class CollectionMoments {
    /** Of a collection of which nothing was read: every operation comes later. */
    static final CollectionMoments BEFORE_ALL = new CollectionMoments(IdRanges.everywhere(new OpTime(0, 0)));

    private final IdRanges<OpTime> moments;

    private CollectionMoments(IdRanges<OpTime> moments) {
        this.moments = moments;
    }

    /**
     * @param segments all of one collection
     * @param sequence whether it was read as a whole, at one time, so that bounds mean nothing
     */
    static CollectionMoments of(List<Segment> segments, boolean sequence) {
        boolean one = segments.stream().map(Segment::at).distinct().count() == 1;
        List<Segment> ranges = sequence || one
                ? segments.stream().filter(segment -> segment.min().isEmpty()).toList()
                : segments;
        return new CollectionMoments(IdRanges.of(ranges, Segment::at));
    }

    /** When the document of an id was read, or found not to be there. */
    OpTime of(BsonValue id) {
        return moments.of(id);
    }
}
