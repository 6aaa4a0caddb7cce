package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogArchive.Linked;
import io.firedrill.archive.UnlinkedLists;
import io.firedrill.archive.UnlinkedSlices;
import io.firedrill.storage.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Deletes the slices of archivers that died before they wrote the link. An archiver may be at work all the while, and holds a
 * lease of its own, so this rests on the chain alone: what was seen without a link goes when the same timeline has been
 * continued since. What a slice holds begins where the chain ended when it was stored; that place is then taken, for good, and
 * nobody can link it any more. docs/RETENTION.md tells it at length.
 */
public final class UnlinkedSweep {
    private final OplogArchive archive;
    private final BackupCatalog catalog;
    private final UnlinkedLists lists;
    private final RetentionPlan plan;

    public UnlinkedSweep(BackupCatalog catalog, RetentionPlan plan) {
        this.catalog = catalog;
        this.archive = catalog.oplog();
        this.lists = archive.unlinked();
        this.plan = plan;
    }

    /**
     * Looks, deletes what was seen long enough ago, and writes down what it sees for the first time.
     *
     * @param checkpoint called before each deletion; throws when the run must not go on
     */
    public Unlinked sweep(Runnable checkpoint, String runId) {
        List<UnlinkedSlices> seen = lists.all();
        // What is stored first: a slice that gets its link after this look must not count as one without.
        Map<String, Long> stored = archive.stored();
        long known = seen.stream().mapToLong(list -> list.addresses().size()).sum();
        boolean nothingNew = stored.size() - archive.linkCount() <= known;
        if (nothingNew && seen.stream().noneMatch(this::isOver)) {
            return new Unlinked(0, 0, known, List.of());
        }
        return archive.linked()
                .map(linked -> sweep(seen, stored, linked, new Deletions(catalog.objects(), checkpoint), runId))
                .orElse(Unlinked.NOTHING);
    }

    private Unlinked sweep(
            List<UnlinkedSlices> seen, Map<String, Long> stored, Linked linked, Deletions deletions, String runId) {
        Set<String> unlinked = new TreeSet<>(stored.keySet());
        unlinked.removeAll(linked.addresses());
        Set<String> waiting = new HashSet<>();
        List<ObjectKey> settled = new ArrayList<>();
        long deleted = 0;
        long bytes = 0;
        for (UnlinkedSlices list : seen) {
            if (isNobodys(list, linked)) {
                for (String address : list.addresses()) {
                    if (unlinked.contains(address) && deletions.delete(archive.sliceKey(address))) {
                        unlinked.remove(address);
                        deleted++;
                        bytes += stored.getOrDefault(address, 0L);
                    }
                }
            }
            if (isNobodys(list, linked) || list.timeline() != linked.timeline()) {
                settled.add(lists.keyOf(list));
            } else {
                waiting.addAll(list.addresses());
            }
        }
        note(unlinked, waiting, linked, runId);
        deletions.tidy(settled);
        return new Unlinked(deleted, bytes, unlinked.size(), deletions.refused());
    }

    /** A process that was paused comes back sooner than that, whatever the grace period. */
    private boolean isOver(UnlinkedSlices list) {
        Instant lingered = list.at().plus(Sweeper.LINGERING_MAX);
        return plan.isOver(list.at()) && !lingered.isAfter(plan.now());
    }

    private boolean isNobodys(UnlinkedSlices list, Linked linked) {
        return isOver(list) && list.timeline() == linked.timeline() && linked.links() > list.links();
    }

    private void note(Set<String> unlinked, Set<String> waiting, Linked linked, String runId) {
        Set<String> fresh = new TreeSet<>(unlinked);
        fresh.removeAll(waiting);
        if (!fresh.isEmpty()) {
            lists.write(new UnlinkedSlices(runId, plan.now(), linked.timeline(), linked.links(), fresh));
        }
    }
}
