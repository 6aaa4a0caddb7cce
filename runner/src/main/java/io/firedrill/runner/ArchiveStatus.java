package io.firedrill.runner;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the archived oplog of a source stands.
 *
 * @param windows the moments that can be restored to, the oldest first
 * @param lagSeconds how far the last archived entry is behind the present
 * @param rpoSeconds the newest measured recovery point; null where the newest slices hold none
 * @param rpoTargetSeconds null where no target is set
 * @param rpoMissed whether there is a target, and the lag or the measured recovery point is above it
 * @param warning what somebody should do something about; empty if there is nothing
 */
record ArchiveStatus(
        String source,
        List<Window> windows,
        List<ArchiveResult.Gap> gaps,
        ConsistencyPoint archivedTo,
        double lagSeconds,
        @Nullable Double rpoSeconds,
        @Nullable Double rpoTargetSeconds,
        boolean rpoMissed,
        @Nullable Long oplogWindowSeconds,
        String warning,
        @Nullable String archiver) {

    /**
     * Every moment between two can be restored to.
     *
     * @param backup the oldest that reaches into the timeline
     */
    record Window(int timeline, String backup, ConsistencyPoint from, ConsistencyPoint to) {}
}
