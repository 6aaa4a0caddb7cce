package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogArchive.Stretch;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells from the store how the archived oplog of one source stands. Reads the newest links, not all. */
final class ArchiveStatusReader {
    /** Far enough back for a slice that holds a note of ours, and for a look at the source's oplog. */
    private static final long RECENT_SECONDS = 600;

    private final Workspace workspace;
    private final BackupCatalog catalog;
    private final OplogArchive archive;

    ArchiveStatusReader(Workspace workspace, BackupCatalog catalog) {
        this.workspace = workspace;
        this.catalog = catalog;
        this.archive = catalog.oplog();
    }

    /** Empty where nothing was ever archived. */
    Optional<ArchiveStatus> read() {
        List<OplogTimeline> timelines = archive.timelines();
        return timelines.isEmpty() ? Optional.empty() : Optional.of(read(timelines));
    }

    private ArchiveStatus read(List<OplogTimeline> timelines) {
        OplogTimeline newest = timelines.getLast();
        OpTime end = archive.end(newest).last();
        List<OplogLink> links = recent(newest, end);
        Double rpo = last(links, OplogLink::rpo);
        Double window = last(links, OplogLink::oplogWindow);
        double lag = RecordedRun.seconds(
                Duration.between(end.instant(), workspace.clocks().now()));
        Double target = target();
        return new ArchiveStatus(
                catalog.source(),
                windows(timelines),
                timelines.stream()
                        .filter(timeline -> timeline.after().isPresent())
                        .map(ArchiveResult.Gap::of)
                        .toList(),
                Results.point(end),
                lag,
                rpo,
                target,
                target != null && Math.max(lag, rpo == null ? 0 : rpo) > target,
                window == null ? null : window.longValue(),
                warning(timelines, window),
                workspace
                        .leases()
                        .current(Archiving.lease(catalog.source()))
                        .map(StatusReader::describe)
                        .orElse(null));
    }

    /** Of the last piece alone: that links are missing before it must not keep anybody from seeing how things stand. */
    private List<OplogLink> recent(OplogTimeline timeline, OpTime end) {
        OpTime recently = new OpTime(end.seconds() - RECENT_SECONDS, 0);
        return archive.stretches(timeline).reversed().stream()
                .findFirst()
                .map(Stretch::from)
                .map(from -> new OpTime(from.seconds(), from.increment() + 1))
                .map(from -> archive.links(timeline, from.compareTo(recently) > 0 ? from : recently, end))
                .orElse(List.of());
    }

    private static @Nullable Double last(List<OplogLink> links, Function<OplogLink, Optional<Duration>> what) {
        return links.reversed().stream()
                .flatMap(link -> what.apply(link).stream())
                .findFirst()
                .map(RecordedRun::seconds)
                .orElse(null);
    }

    private @Nullable Double target() {
        Duration target = workspace.settings().rpoTarget();
        return target == null ? null : RecordedRun.seconds(target);
    }

    private String warning(List<OplogTimeline> timelines, @Nullable Double window) {
        Optional<OplogTimeline> broken = timelines.stream()
                .filter(timeline -> archive.stretches(timeline).size() > 1)
                .findFirst();
        if (broken.isPresent()) {
            return "links are missing in timeline %d: something changed the store"
                    .formatted(broken.get().number());
        }
        Settings.Archive wanted = workspace.settings().archive();
        return window == null || wanted.isEnough(Duration.ofSeconds(window.longValue()))
                ? ""
                : ArchiveTeller.tooShort(window.longValue(), wanted.outageBudget());
    }

    private List<ArchiveStatus.Window> windows(List<OplogTimeline> timelines) {
        List<Manifest> sealed = catalog.ids().stream()
                .filter(catalog::isSealed)
                .map(catalog::manifest)
                .sorted(Comparator.comparing(Manifest::consistencyPoint))
                .toList();
        List<ArchiveStatus.Window> windows = new ArrayList<>();
        for (OplogTimeline timeline : timelines) {
            for (Stretch stretch : archive.stretches(timeline)) {
                sealed.stream()
                        .filter(backup -> isWithin(stretch, backup.consistencyPoint()))
                        .filter(backup -> isOf(timeline, backup))
                        .findFirst()
                        .ifPresent(backup -> windows.add(new ArchiveStatus.Window(
                                timeline.number(),
                                backup.id().value(),
                                Results.point(backup.consistencyPoint()),
                                Results.point(stretch.to()))));
            }
        }
        return windows;
    }

    private static boolean isWithin(Stretch stretch, OpTime point) {
        return point.compareTo(stretch.from()) >= 0 && point.compareTo(stretch.to()) <= 0;
    }

    /** A backup of another replica set is no base, whatever its time. */
    private boolean isOf(OplogTimeline timeline, Manifest backup) {
        String set = catalog.plan(backup).identity().replicaSetId();
        return set.equals(timeline.identity().replicaSetId());
    }
}
