package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.archive.Sweep;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;

/** Keeps a backup from every deletion until it is released. Needs no lease: a hold must be possible during a backup. */
public final class LegalHold {
    private final BackupCatalog catalog;

    public LegalHold(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /** Holds a backup, or fails if it may be gone by now: a sweep writes itself down before it looks at the holds. */
    public void hold(BackupId id, Notice notice) {
        requireSealed(id);
        catalog.holds().put(id, notice);
        for (Sweep sweep : catalog.sweeps().open()) {
            if (sweep.backups().contains(id)) {
                throw new Failure(
                        FailureKind.LOCK_HELD,
                        "backup %s is held now, but sweep %s, which has not ended, may have begun to delete it"
                                .formatted(id, sweep.id()),
                        "When that run has ended, look with 'firedrill backups' whether the backup is still sealed.");
            }
        }
        requireSealed(id);
    }

    /** Releases a backup; that it was held, by whom and why, stays readable as long as the backup is there. */
    public void release(BackupId id, Notice notice) {
        if (catalog.holds().standing(id).isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "backup %s is not held".formatted(id),
                    "'firedrill backups' shows which ones are.");
        }
        catalog.holds().put(id, notice);
    }

    private void requireSealed(BackupId id) {
        if (!catalog.isSealed(id)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no sealed backup %s of source '%s'".formatted(id, catalog.source()),
                    "Choose one that 'firedrill backups' lists.");
        }
    }
}
