package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.retention.Decision.Fate;
import java.util.ArrayList;
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
        List<BackupId> marked = new ArrayList<>();
        for (Decision decision : plan.with(Fate.DELETE)) {
            if (needsMark(decision)) {
                put(plan, decision, true);
                marked.add(decision.id());
            }
        }
        return marked;
    }

    /** Takes marks off, unless only single backups were asked for: their run decides about no other. */
    public List<BackupId> unmark(RetentionPlan plan) {
        List<BackupId> unmarked = new ArrayList<>();
        if (plan.asked()) {
            return unmarked;
        }
        for (Decision decision : plan.with(Fate.KEEP)) {
            if (decision.backup().mark().isPresent()) {
                put(plan, decision, false);
                unmarked.add(decision.id());
            }
        }
        return unmarked;
    }

    /** Asking for a backup that the policy has marked makes the mark outlive the policy; its time counts on. */
    private static boolean needsMark(Decision decision) {
        return decision.backup()
                .mark()
                .map(mark -> decision.reasons().contains(RetentionPlanner.ASKED)
                        && !mark.reason().equals(RetentionPlanner.ASKED))
                .orElse(true);
    }

    private void put(RetentionPlan plan, Decision decision, boolean stands) {
        checkpoint.run();
        var since = decision.backup().mark().filter(mark -> stands).map(Notice::at);
        catalog.marks().put(decision.id(), new Notice(stands, since.orElse(plan.now()), operator, decision.why()));
    }
}
