package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ranges of a plan that need not be read, or not whole: nothing was written to them since the backup before, or little.
 *
 * @param ranges with their segments, as this backup names them
 * @param deltas the ranges of which a little is read
 * @param story how that was found out, or why there are none
 */
public record Untouched(Map<Range, List<Segment>> ranges, Map<Range, PlannedDelta> deltas, String story) {
    public Untouched {
        ranges = Map.copyOf(ranges);
        deltas = Map.copyOf(deltas);
    }

    public Untouched(Map<Range, List<Segment>> ranges, String story) {
        this(ranges, Map.of(), story);
    }

    /** Everything has to be read. */
    public static Untouched none(String why) {
        return new Untouched(Map.of(), why);
    }

    /** Whether there is nothing that need not be read. */
    public boolean isNone() {
        return ranges.isEmpty() && deltas.isEmpty();
    }

    /** The same without some of the ranges. */
    Untouched without(Set<Range> readWhole) {
        Map<Range, List<Segment>> same = new HashMap<>(ranges);
        same.keySet().removeAll(readWhole);
        Map<Range, PlannedDelta> left = new HashMap<>(deltas);
        left.keySet().removeAll(readWhole);
        return new Untouched(same, left, story);
    }

    /** The segments of a range; empty where it has to be read. */
    Optional<List<Segment>> of(Range range) {
        return Optional.ofNullable(ranges.get(range));
    }

    /** What has to be read of a range; empty where it is all or nothing. */
    Optional<PlannedDelta> deltaOf(Range range) {
        return Optional.ofNullable(deltas.get(range));
    }

    /** How many segments need not be read. */
    public long segments() {
        return ranges.values().stream().mapToLong(List::size).sum();
    }

    /** How many documents are looked up, there or gone. */
    public long ids() {
        return deltas.values().stream().mapToLong(delta -> delta.ids().size()).sum();
    }

    /** How many bytes of raw documents that spares the source; of a delta those of its base, whatever is then looked up. */
    public long bytes() {
        return ranges.values().stream().mapToLong(Untouched::bytesOf).sum()
                + deltas.values().stream()
                        .mapToLong(delta -> delta.base().bytesRaw())
                        .sum();
    }

    static long bytesOf(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::bytesOfObjects).sum();
    }
}
