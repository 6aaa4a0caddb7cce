package io.firedrill.oplog;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of time in which every moment can be restored: from a sealed backup's consistency point to the end of the
 * unbroken chain of archived oplog that it lies in.
 *
 * @param timeline the chain
 * @param to cluster time of the last archived entry
 * @param bases the backups that a restore can begin with, oldest first; never none
 */
public record RecoveryWindow(OplogTimeline timeline, OpTime to, List<Base> bases) {
    public RecoveryWindow {
        bases = List.copyOf(bases);
    }

    /** A sealed backup by its consistency point. */
    public record Base(BackupId backup, OpTime at) {}

    /** The first moment that can be restored. */
    public OpTime from() {
        return bases.getFirst().at();
    }

    /** Whether a moment can be restored; it need not be that of an entry. */
    public boolean holds(OpTime moment) {
        return moment.compareTo(from()) >= 0 && moment.compareTo(to) <= 0;
    }

    /** As much of it as can be restored from one backup; empty where that is no base of it. */
    Optional<RecoveryWindow> only(BackupId backup) {
        return bases.stream()
                .filter(base -> base.backup().equals(backup))
                .findFirst()
                .map(base -> new RecoveryWindow(timeline, to, List.of(base)));
    }

    /** The base from which the way to a moment of this window is the shortest. */
    public Base baseFor(OpTime moment) {
        return bases.reversed().stream()
                .filter(base -> base.at().compareTo(moment) <= 0)
                .findFirst()
                .orElseThrow();
    }
}
