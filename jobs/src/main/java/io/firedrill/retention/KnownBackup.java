package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A backup as the planner sees it.
 *
 * @param proven whether a restore has shown that it comes back equal
 * @param doubt why it may be proven all the same: what says so could not be read or trusted; empty if nothing does
 * @param hold why it must stay, whatever the policy says
 * @param mark since when it is marked for deletion, and why
 */
public record KnownBackup(
        BackupId id,
        boolean sealed,
        boolean proven,
        Optional<String> doubt,
        Optional<Notice> hold,
        Optional<Notice> mark) {
    public Instant moment() {
        return id.moment();
    }

    /**
     * All backups of a source, oldest first.
     *
     * @param doubts why a backup that is not proven may be so all the same
     */
    public static List<KnownBackup> of(BackupCatalog catalog, Set<BackupId> proven, Map<BackupId, String> doubts) {
        Map<BackupId, Notice> holds = catalog.holds().standing();
        Map<BackupId, Notice> marks = catalog.marks().standing();
        return catalog.ids().stream()
                .map(id -> new KnownBackup(
                        id,
                        catalog.isSealed(id),
                        proven.contains(id),
                        Optional.ofNullable(doubts.get(id)),
                        Optional.ofNullable(holds.get(id)),
                        Optional.ofNullable(marks.get(id))))
                .toList();
    }
}
