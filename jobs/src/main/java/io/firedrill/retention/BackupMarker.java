package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import java.time.Instant;
import java.util.List;

/** The first phase of a deletion: marks what is to go, and takes the mark off what is to stay after all. */
public final class BackupMarker {
    private final BackupCatalog catalog;
    private final Runnable checkpoint;
    private final String operator;

    /**
     * @param checkpoint called before each durable write; throws when the run must not go on
     */
    public BackupMarker(BackupCatalog catalog, Runnable checkpoint, String operator) {
        this.catalog = catalog;
        this.checkpoint = checkpoint;
        this.operator = operator;
    }

    /** Marks, and says which backups are marked anew. */
    public List<BackupId> mark(RetentionPlan plan) {
        return put(plan, plan.unmarkedYet(), true);
    }

    /** Takes marks off, and says of which backups. */
    public List<BackupId> unmark(RetentionPlan plan) {
        return put(plan, plan.marksToTakeOff(), false);
    }

    private List<BackupId> put(RetentionPlan plan, List<BackupId> ids, boolean stands) {
        for (Decision decision : plan.decisions()) {
            if (ids.contains(decision.id())) {
                checkpoint.run();
                // The time of a mark that is replaced counts on.
                Instant at = decision.backup()
                        .mark()
                        .filter(mark -> stands)
                        .map(Notice::at)
                        .orElse(plan.now());
                catalog.marks().put(decision.id(), new Notice(stands, at, operator, decision.why()));
            }
        }
        return ids;
    }
}
