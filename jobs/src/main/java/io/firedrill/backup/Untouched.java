package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ranges of a plan that need not be read: nothing was written to them since the backup before.
 *
 * @param ranges with their segments, as this backup names them
 * @param story how that was found out, or why there are none
 */
public record Untouched(Map<Range, List<Segment>> ranges, String story) {
    public Untouched {
        ranges = Map.copyOf(ranges);
    }

    /** Everything has to be read. */
    public static Untouched none(String why) {
        return new Untouched(Map.of(), why);
    }

    /** The segments of a range; empty where it has to be read. */
    Optional<List<Segment>> of(Range range) {
        return Optional.ofNullable(ranges.get(range));
    }

    /** How many segments need not be read. */
    public long segments() {
        return ranges.values().stream().mapToLong(List::size).sum();
    }

    /** How many bytes of raw documents that spares the source. */
    public long bytes() {
        return ranges.values().stream().mapToLong(Untouched::bytesOf).sum();
    }

    static long bytesOf(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::bytesRaw).sum();
    }
}
