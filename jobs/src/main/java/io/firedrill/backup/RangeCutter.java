package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.BoundSampler;
import io.firedrill.mongo.CollectionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** Cuts collections into ranges of about {@code bytesTarget}: where the last backup did, or else where a sample says. */
final class RangeCutter {
    /** A collection that has grown by more than this is cut anew: its old ranges would keep one lane busy alone. */
    private static final int GROWTH_MAX = 2;

    private final BoundSampler sampler;
    private final KnownSegments known;
    private final long bytesTarget;

    RangeCutter(BoundSampler sampler, KnownSegments known, long bytesTarget) {
        this.sampler = sampler;
        this.known = known;
        this.bytesTarget = bytesTarget;
    }

    /** A range and about how many bytes it holds. */
    record SizedRange(Range range, long bytesEstimated) {}

    /**
     * @param collection position in the plan's list of collections
     */
    List<SizedRange> cut(int collection, CollectionShape shape) {
        long bytes = sampler.bytesOf(shape.namespace());
        if (shape.isSequence()) {
            return List.of(new SizedRange(new Range(collection, Optional.empty(), Optional.empty()), bytes));
        }
        List<BsonDocument> bounds = bounds(shape, bytes);
        List<SizedRange> ranges = new ArrayList<>();
        Optional<BsonDocument> min = Optional.empty();
        for (BsonDocument bound : bounds) {
            ranges.add(new SizedRange(new Range(collection, min, Optional.of(bound)), bytes / (bounds.size() + 1)));
            min = Optional.of(bound);
        }
        ranges.add(new SizedRange(new Range(collection, min, Optional.empty()), bytes / (bounds.size() + 1)));
        return ranges;
    }

    private List<BsonDocument> bounds(CollectionShape shape, long bytes) {
        List<Segment> before =
                shape.uuid().map(uuid -> known.byCollection().get(uuid)).orElse(null);
        if (before != null) {
            long bytesBefore = before.stream().mapToLong(Segment::bytesRaw).sum();
            if (bytes <= GROWTH_MAX * Math.max(bytesBefore, bytesTarget)) {
                return boundsBetween(before, bytesTarget);
            }
        }
        return sampler.bounds(shape.namespace(), (bytes + bytesTarget - 1) / bytesTarget);
    }

    /** The bounds between neighbours, but for those between neighbours that have become small together, or empty. */
    static List<BsonDocument> boundsBetween(List<Segment> segments, long bytesTarget) {
        List<BsonDocument> bounds = new ArrayList<>();
        boolean begun = false;
        long gathered = 0;
        for (Segment segment : segments) {
            boolean joins = begun && gathered + segment.bytesRaw() <= bytesTarget / 2;
            if (!joins) {
                segment.min().ifPresent(bounds::add);
                gathered = 0;
            }
            gathered += segment.bytesRaw();
            begun = true;
        }
        return bounds;
    }
}
