package io.firedrill.oplog;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import io.firedrill.oplog.RecoveryWindow.Base;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What moments a source can be restored to, told by the heads of the archive alone: manifests, timelines and the last link of
 * each. Whether all between is sound, a restore finds out before it writes.
 */
public final class RecoveryWindows {
    private final BackupCatalog catalog;

    public RecoveryWindows(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    private record Known(Base base, String replicaSetId) {}

    private record Reach(OplogTimeline timeline, OpTime from, OpTime to) {
        boolean holds(Known backup) {
            return timeline.identity().replicaSetId().equals(backup.replicaSetId)
                    && backup.base.at().compareTo(from) >= 0
                    && backup.base.at().compareTo(to) <= 0;
        }
    }

    /** All windows, in the order of their timelines; a timeline that no backup lies in has none. */
    public List<RecoveryWindow> all() {
        OplogArchive archive = catalog.oplog();
        List<Reach> reaches = archive.timelines().stream()
                .flatMap(timeline -> reach(archive, timeline).stream())
                .toList();
        List<Known> backups = reaches.isEmpty() ? List.of() : backups();
        return reaches.stream()
                .flatMap(reach -> window(
                        reach,
                        backups.stream()
                                .filter(backup -> reach.equals(home(reaches, backup)))
                                .map(Known::base)
                                .toList())
                        .stream())
                .toList();
    }

    private static Optional<Reach> reach(OplogArchive archive, OplogTimeline timeline) {
        var end = archive.end(timeline);
        return end.isBegin()
                ? Optional.empty()
                : Optional.of(new Reach(timeline, archive.oldest(timeline), end.last()));
    }

    /**
     * The timeline that a backup lies in. Where an older one was rolled back, two hold the same time: what a majority had,
     * which a backup is, is in the newer one.
     */
    private static @Nullable Reach home(List<Reach> reaches, Known backup) {
        return reaches.reversed().stream()
                .filter(reach -> reach.holds(backup))
                .findFirst()
                .orElse(null);
    }

    private static Optional<RecoveryWindow> window(Reach reach, List<Base> bases) {
        return bases.isEmpty()
                ? Optional.empty()
                : Optional.of(new RecoveryWindow(
                        reach.timeline,
                        reach.to,
                        bases.stream().sorted(Comparator.comparing(Base::at)).toList()));
    }

    private List<Known> backups() {
        List<BackupId> sealed = catalog.ids().stream().filter(catalog::isSealed).toList();
        List<Known> known = new ArrayList<>();
        Requests.all(sealed, this::known).forEach(found -> found.ifPresent(known::add));
        return known;
    }

    /** A damaged backup is none; that it is damaged, whoever asks for it is told. */
    private Optional<Known> known(BackupId id) {
        try {
            Manifest manifest = catalog.manifest(id);
            String replicaSetId = catalog.plan(manifest).identity().replicaSetId();
            return Optional.of(new Known(new Base(id, manifest.consistencyPoint()), replicaSetId));
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.BACKUP_DAMAGED) {
                throw failure;
            }
            return Optional.empty();
        }
    }
}
