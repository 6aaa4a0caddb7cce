package io.firedrill.migration;

import java.util.List;
import java.util.OptionalLong;

/**
 * The writes that a process sent, in the order in which they came; those that were withheld from the server are among them.
 *
 * @param data how many commands wrote data; what a driver sent again is not counted again
 * @param rows how many wrote rows of the change log
 * @param counts by command and collection, in the order of their first
 * @param firstData when the first data write came, by the monotonic clock
 * @param lastRow likewise for the last write of a row
 */
public record WritesSeen(long data, long rows, List<WriteCount> counts, OptionalLong firstData, OptionalLong lastRow) {
    public WritesSeen {
        counts = List.copyOf(counts);
    }

    /** When it was seen at work: its first data write, or the last row of one that writes no data. */
    OptionalLong atWork() {
        return firstData.isPresent() ? firstData : lastRow;
    }
}
