package io.firedrill.oplog;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** When each range of one collection was read: the moment from which on its documents have to be replayed. */
final class CollectionMoments {
    /** Of a collection of which nothing was read: every operation comes later. */
    static final CollectionMoments BEFORE_ALL =
            new CollectionMoments(IdRanges.everywhere(new OpTime(0, 0)), new OpTime(0, 0), new OpTime(0, 0), true);

    private final IdRanges<OpTime> moments;
    private final OpTime oldest;
    private final OpTime newest;
    private final boolean exact;

    private CollectionMoments(IdRanges<OpTime> moments, OpTime oldest, OpTime newest, boolean exact) {
        this.moments = moments;
        this.oldest = oldest;
        this.newest = newest;
        this.exact = exact;
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
        List<OpTime> all = ranges.stream().map(Segment::at).sorted().toList();
        boolean exact = ranges.stream()
                .flatMap(range -> range.min().stream())
                .allMatch(bound -> IdDoubt.isExact(bound.getOrDefault("_id", BsonNull.VALUE)));
        return new CollectionMoments(IdRanges.of(ranges, Segment::at), all.getFirst(), all.getLast(), exact);
    }

    /**
     * Whether what was read shows the effect of an operation, by when its document was read, or found not to be there.
     *
     * @param at when it became visible
     * @return empty where the ranges were read at several moments, and nobody can say here in which of them the id lies
     */
    Optional<Boolean> show(BsonValue id, OpTime at) {
        if (at.compareTo(oldest) <= 0 || at.compareTo(newest) > 0) {
            return Optional.of(at.compareTo(oldest) <= 0);
        }
        return exact && IdDoubt.isExact(id) ? Optional.of(at.compareTo(moments.of(id)) <= 0) : Optional.empty();
    }
}
