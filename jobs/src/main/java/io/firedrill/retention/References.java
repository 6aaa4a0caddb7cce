package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds out which objects the segments of backups refer to: of a delta to its base, too. */
final class References {
    private final BackupCatalog catalog;

    References(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /** Fails if one of them cannot be read: what it refers to would be taken for waste. */
    Set<String> of(Collection<BackupId> backups) {
        Set<String> segments = new HashSet<>();
        for (BackupId id : backups) {
            if (catalog.isSealed(id)) {
                ofSealed(id, segments);
            } else {
                catalog.objects()
                        .unitsDone(id)
                        .forEach(unit -> catalog.part(id, unit).ifPresent(part -> add(part, segments)));
            }
        }
        return segments;
    }

    /** What can be read of what backups that are to go refer to; the rest is found later, as nobody refers to it. */
    Set<String> readableOf(Collection<BackupId> backups) {
        Set<String> segments = new HashSet<>();
        for (BackupId id : backups) {
            for (String unit : catalog.objects().unitsDone(id)) {
                try {
                    catalog.part(id, unit).ifPresent(part -> add(part, segments));
                } catch (Failure failure) {
                    if (failure.kind() != FailureKind.BACKUP_DAMAGED) {
                        throw failure;
                    }
                }
            }
        }
        return segments;
    }

    private void ofSealed(BackupId id, Set<String> segments) {
        Manifest manifest = catalog.manifest(id);
        List<Manifest.PartRef> refs = manifest.parts();
        refs.forEach(ref -> add(catalog.part(manifest, ref), segments));
    }

    private static void add(Part part, Set<String> segments) {
        part.segments().stream()
                .flatMap(segment -> segment.objects().stream())
                .map(Segment::address)
                .forEach(segments::add);
    }
}
