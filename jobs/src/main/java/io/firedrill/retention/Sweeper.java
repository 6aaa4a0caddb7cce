package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The second phase of a deletion, a grace period after the mark.
 *
 * <p>A sweep writes down what it is about to delete, looks once more who refers to it, and deletes: manifests first, so
 * that half a deleted backup is none, then parts and plans, and last the segments that nobody refers to. docs/RETENTION.md
 * tells why no order of this and a backup's steps loses a segment of a sealed backup.
 */
public final class Sweeper {
    /** No process that was paused and no request under way comes back after that long: a lease ends much sooner. */
    static final Duration LINGERING_MAX = Duration.ofHours(1);

    private final BackupCatalog catalog;
    private final References references;
    private final Runnable checkpoint;

    /**
     * @param checkpoint called before each deletion; throws when the run must not go on
     */
    public Sweeper(BackupCatalog catalog, Runnable checkpoint) {
        this.catalog = catalog;
        this.references = new References(catalog);
        this.checkpoint = checkpoint;
    }

    public Swept sweep(RetentionPlan plan, String runId) {
        List<Sweep> cutOff = catalog.sweeps().open();
        Map<String, Long> stored = catalog.objects().segments();
        var orphans = new Orphans(catalog, plan, stored.keySet());
        Set<String> doomed = references.readableOf(plan.due());
        Set<String> referenced = references.of(without(plan.due()));
        Set<String> unreferenced = orphans.find(referenced, doomed);
        doomed.addAll(orphans.due(unreferenced));
        cutOff.forEach(sweep -> doomed.addAll(sweep.segments()));
        doomed.retainAll(stored.keySet());
        doomed.removeAll(referenced);

        checkpoint.run();
        long noted = orphans.note(unreferenced, runId);
        var sweep = new Sweep(runId, plan.now(), plan.due(), doomed);
        var deletions = new Deletions(catalog.objects(), checkpoint);
        boolean needed = !sweep.backups().isEmpty() || !doomed.isEmpty();
        List<BackupId> gone = new ArrayList<>();
        List<String> segments = List.of();
        if (needed) {
            catalog.sweeps().begin(sweep);
            gone.addAll(deleteBackups(plan, deletions));
            segments = deleteSegments(sweep, gone, deletions);
            catalog.sweeps().end(sweep);
        }
        endCutOff(cutOff, plan.now());
        deletions.tidy(orphans.settled());
        catalog.sweeps().ended().forEach(deletions::tidy);
        tidyDoubts(deletions);
        long bytes = segments.stream()
                .mapToLong(sha256 -> stored.getOrDefault(sha256, 0L))
                .sum();
        return new Swept(gone, segments.size(), bytes, noted, deletions.refused());
    }

    /** A hold may be newer than the plan: the last look at holds is after the sweep was written down. */
    private List<BackupId> deleteBackups(RetentionPlan plan, Deletions deletions) {
        Set<BackupId> held = catalog.holds().standing().keySet();
        List<BackupId> gone = new ArrayList<>();
        for (BackupId id : plan.due()) {
            // A manifest that stays, stays with all that it names.
            if (!held.contains(id) && deletions.delete(catalog.manifestKey(id))) {
                gone.add(id);
            }
        }
        for (BackupId id : gone) {
            if (deletions.deleteAll(catalog.objects().besideManifest(id))) {
                deletions.tidy(catalog.holds().keysOf(id));
                deletions.tidy(catalog.marks().keysOf(id));
            }
        }
        return gone;
    }

    /** A doubt that was taken back about a backup that is gone. One that stands matters, whatever became of its backup. */
    private void tidyDoubts(Deletions deletions) {
        Set<BackupId> settled = new HashSet<>(catalog.doubts().about());
        settled.removeAll(catalog.doubts().standing().keySet());
        settled.removeAll(catalog.ids());
        settled.forEach(id -> deletions.tidy(catalog.doubts().keysOf(id)));
    }

    private List<String> deleteSegments(Sweep sweep, List<BackupId> gone, Deletions deletions) {
        Set<String> referenced = references.of(without(gone));
        List<String> deleted = new ArrayList<>();
        for (String sha256 : new TreeSet<>(sweep.segments())) {
            if (!referenced.contains(sha256)
                    && deletions.delete(catalog.objects().segment(sha256))) {
                deleted.add(sha256);
            }
        }
        return deleted;
    }

    /** What they had not deleted yet is deleted now; they end when nobody can be at work on them any more. */
    private void endCutOff(List<Sweep> cutOff, Instant now) {
        for (Sweep sweep : cutOff) {
            if (!sweep.at().plus(LINGERING_MAX).isAfter(now)) {
                checkpoint.run();
                catalog.sweeps().end(sweep);
            }
        }
    }

    private List<BackupId> without(List<BackupId> backups) {
        Set<BackupId> left = new HashSet<>(backups);
        return catalog.ids().stream().filter(id -> !left.contains(id)).toList();
    }
}
