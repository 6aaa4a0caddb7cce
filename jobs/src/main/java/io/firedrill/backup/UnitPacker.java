package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.backup.RangeCutter.SizedRange;
import java.util.ArrayList;
import java.util.List;

/** Packs ranges into units of work of about equal size, so that ten thousand small collections are a few units. */
final class UnitPacker {
    /** A unit of very many empty ranges would still take long: each is a cursor and an object. */
    private static final int RANGES_MAX = 500;

    private final long bytesTarget;

    UnitPacker(long bytesTarget) {
        this.bytesTarget = bytesTarget;
    }

    /**
     * @param groups a unit holds ranges of one group only
     */
    List<Unit> pack(List<List<SizedRange>> groups) {
        List<Unit> units = new ArrayList<>();
        groups.forEach(ranges -> pack(ranges, units));
        return units;
    }

    private void pack(List<SizedRange> ranges, List<Unit> units) {
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
