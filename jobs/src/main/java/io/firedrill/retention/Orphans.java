package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Sweep;
import io.firedrill.storage.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Segments that no backup refers to, as a backup that was cut off leaves them: noted first, deleted a grace later. */
final class Orphans {
    private final BackupCatalog catalog;
    private final RetentionPlan plan;
    private final Set<String> stored;
    private final List<Sweep> noted;

    Orphans(BackupCatalog catalog, RetentionPlan plan, Set<String> stored) {
        this.catalog = catalog;
        this.plan = plan;
        this.stored = stored;
        this.noted = catalog.orphans().all();
    }

    /** All orphans: what is stored, and neither referred to nor on its way out already. */
    Set<String> find(Set<String> referenced, Set<String> doomed) {
        Set<String> orphans = new TreeSet<>(stored);
        orphans.removeAll(referenced);
        orphans.removeAll(doomed);
        return orphans;
    }

    Set<String> due(Set<String> orphans) {
        Set<String> due = new HashSet<>();
        noted.stream().filter(list -> plan.isOver(list.at())).forEach(list -> due.addAll(list.segments()));
        due.retainAll(orphans);
        return due;
    }

    /** Writes down those that no list names yet, and says how many orphans wait for their end. */
    long note(Set<String> orphans, String runId) {
        Set<String> fresh = new HashSet<>(orphans);
        noted.forEach(list -> fresh.removeAll(list.segments()));
        if (!fresh.isEmpty()) {
            catalog.orphans().write(new Sweep(runId, plan.now(), List.of(), fresh));
        }
        return (long) orphans.size() - due(orphans).size();
    }

    /** The lists that have been dealt with. */
    List<ObjectKey> settled() {
        return noted.stream()
                .filter(list -> plan.isOver(list.at()))
                .map(catalog.orphans()::keyOf)
                .toList();
    }
}
