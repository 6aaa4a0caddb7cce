package io.firedrill.retention;

import io.firedrill.archive.BackupId;
import java.util.List;

/** What becomes of one backup, and why. */
public record Decision(KnownBackup backup, Fate fate, List<String> reasons) {
    /** What may become of a backup. */
    public enum Fate {
        KEEP,
        DELETE,
        /** It would have to go, and must not: the whole run is refused. */
        REFUSE
    }

    public Decision {
        reasons = List.copyOf(reasons);
    }

    public BackupId id() {
        return backup.id();
    }

    /** A mark that was asked for outlives the policy, so it takes the place of one that the policy made. */
    boolean needsMark() {
        boolean asked = reasons.contains(RetentionPlanner.ASKED);
        return backup.mark()
                .filter(mark -> !asked || mark.reason().equals(RetentionPlanner.ASKED))
                .isEmpty();
    }

    /** The reasons in a line. */
    public String why() {
        return String.join(", ", reasons);
    }
}
