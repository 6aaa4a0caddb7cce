package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.backup.RangeCutter.SizedRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs ranges into units of work of about equal size, so that ten thousand small collections are a few units, and a large
 * one is not many more: noting that a unit is done costs as much as compressing some megabytes.
 */
final class UnitPacker {
    /** A unit of very many empty ranges would still take long: each is a cursor and an object. */
    private static final int RANGES_MAX = 500;
    /** Enough of them for many lanes to end at about the same time. */
    private static final int UNITS_WANTED = 64;
    /** What is begun anew after a crash, at most, of each lane's unit: so many ranges of the usual size. */
    private static final int GROWTH_MAX = 8;

    private final long bytesOfRange;

    /**
     * @param bytesOfRange what ranges are cut to: a unit is planned for so much at least
     */
    UnitPacker(long bytesOfRange) {
        this.bytesOfRange = bytesOfRange;
    }

    /**
     * @param groups a unit holds ranges of one group only
     */
    List<Unit> pack(List<List<SizedRange>> groups) {
        long bytes = groups.stream()
                .flatMap(List::stream)
                .mapToLong(SizedRange::bytesEstimated)
                .sum();
        long bytesTarget = Math.clamp(bytes / UNITS_WANTED, bytesOfRange, GROWTH_MAX * bytesOfRange);
        List<Unit> units = new ArrayList<>();
        groups.forEach(ranges -> pack(ranges, bytesTarget, units));
        return units;
    }

    private static void pack(List<SizedRange> ranges, long bytesTarget, List<Unit> units) {
        List<Range> gathered = new ArrayList<>();
        long bytes = 0;
        for (SizedRange next : ranges) {
            boolean full = bytes + next.bytesEstimated() > bytesTarget || gathered.size() == RANGES_MAX;
            if (full && !gathered.isEmpty()) {
                units.add(unit(units.size(), gathered, bytes));
                gathered.clear();
                bytes = 0;
            }
            gathered.add(next.range());
            bytes += next.bytesEstimated();
        }
        if (!gathered.isEmpty()) {
            units.add(unit(units.size(), gathered, bytes));
        }
    }

    private static Unit unit(int number, List<Range> ranges, long bytes) {
        return new Unit("%06d".formatted(number + 1), ranges, bytes);
    }
}
