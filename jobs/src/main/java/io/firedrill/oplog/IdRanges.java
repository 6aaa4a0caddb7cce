package io.firedrill.oplog;

import io.firedrill.archive.BsonOrder;
import io.firedrill.archive.Segment;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** The ranges that one collection was read in, and something about each: found by an {@code _id} that lies in it. */
final class IdRanges<T> {
    private final T first;
    private final NavigableMap<BsonValue, T> byMin = new TreeMap<>(BsonOrder.INSTANCE);

    private IdRanges(T first) {
        this.first = first;
    }

    /**
     * @param segments side by side, from the first {@code _id} on
     */
    static <T> IdRanges<T> of(List<Segment> segments, Function<Segment, T> about) {
        Segment lowest = segments.stream()
                .filter(segment -> segment.min().isEmpty())
                .findFirst()
                .orElseThrow();
        var ranges = new IdRanges<>(about.apply(lowest));
        segments.forEach(segment -> idOf(segment.min()).ifPresent(id -> ranges.byMin.put(id, about.apply(segment))));
        return ranges;
    }

    /** One range from the first {@code _id} to the last. */
    static <T> IdRanges<T> everywhere(T about) {
        return new IdRanges<>(about);
    }

    private static Optional<BsonValue> idOf(Optional<BsonDocument> bound) {
        return bound.map(document -> document.get("_id"));
    }

    T of(BsonValue id) {
        var range = byMin.floorEntry(id);
        return range == null ? first : range.getValue();
    }
}
