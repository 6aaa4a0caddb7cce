package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogArchive.OldSlice;
import io.firedrill.archive.OplogSpan;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which slices of the archived oplog lead from no backup anywhere, and so can go: those that end before the oldest backup
 * that stays, or before the age that they are kept to. What the newest sealed backup needs stays whatever its age.
 */
public final class OplogTrim {
    /** A transaction that ends after a backup may have begun before it; a server lets none live as long. */
    static final Duration TRANSACTION_MAX = Duration.ofHours(1);

    private final BackupCatalog catalog;
    private final Optional<Duration> keep;
    private final Instant now;

    /**
     * @param keep the age up to which the oplog is kept; empty for as far back as the oldest backup
     */
    public OplogTrim(BackupCatalog catalog, Optional<Duration> keep, Instant now) {
        this.catalog = catalog;
        this.keep = keep;
        this.now = now;
    }

    /**
     * Before which cluster time nothing is needed.
     *
     * @param gone backups that do not count any more
     * @return empty if no backup is sealed: whoever has none yet will want what was archived first
     */
    public Optional<OpTime> needless(Collection<BackupId> gone) {
        List<OpTime> needed = catalog.ids().stream()
                .filter(id -> !gone.contains(id) && catalog.isSealed(id))
                .map(catalog::manifest)
                .map(OplogTrim::neededBy)
                .toList();
        return needed.stream().min(Comparator.naturalOrder()).map(oldest -> {
            OpTime newest = needed.stream().max(Comparator.naturalOrder()).orElseThrow();
            OpTime aged = keep.map(age -> new OpTime(now.minus(age).getEpochSecond(), 0))
                    .orElse(oldest);
            OpTime bound = aged.compareTo(newest) < 0 ? aged : newest;
            return oldest.compareTo(bound) > 0 ? oldest : bound;
        });
    }

    private static OpTime neededBy(Manifest manifest) {
        OpTime from = manifest.oplog().map(OplogSpan::from).orElse(manifest.consistencyPoint());
        return new OpTime(Math.max(0, from.seconds() - TRANSACTION_MAX.toSeconds()), from.increment());
    }

    /** The slices that can go, oldest first. */
    public List<OldSlice> old(Collection<BackupId> gone) {
        OplogArchive archive = catalog.oplog();
        return needless(gone)
                .map(time -> archive.timelines().stream()
                        .flatMap(timeline -> archive.olderThan(timeline, time).stream())
                        .toList())
                .orElse(List.of());
    }

    /** Deletes them; stops at the first that the store does not let go, so that what stays is a chain. */
    public Trimmed trim(Runnable checkpoint) {
        var deletions = new Deletions(catalog.objects(), checkpoint);
        long slices = 0;
        long bytes = 0;
        for (OldSlice slice : old(List.of())) {
            if (!deletions.deleteAll(slice.objects())) {
                break;
            }
            slices++;
            bytes += slice.bytes();
        }
        return new Trimmed(slices, bytes, trimSeals(deletions), deletions.refused());
    }

    /** A seal proves a moment that something leads to; where nothing does any more, it has nothing to prove. */
    public List<OpTime> oldSeals(Collection<BackupId> gone) {
        return needless(gone).stream()
                .flatMap(time -> catalog.seals().list().stream().filter(at -> at.compareTo(time) < 0))
                .toList();
    }

    private long trimSeals(Deletions deletions) {
        return oldSeals(List.of()).stream()
                .filter(at -> deletions.delete(catalog.seals().key(at)))
                .count();
    }
}
