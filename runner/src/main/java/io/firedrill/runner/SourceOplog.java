package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.evidence.RehearsalFacts.OplogRoom;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells from the archive how much a source's oplog held when somebody looked last: the source itself is not asked. */
final class SourceOplog {
    private SourceOplog() {}

    /** Empty where nothing is archived, or nobody has looked yet. */
    static Optional<OplogRoom> room(BackupCatalog catalog) {
        OplogArchive archive = catalog.oplog();
        List<OplogTimeline> timelines = archive.timelines();
        if (timelines.isEmpty()) {
            return Optional.empty();
        }
        OplogTimeline newest = timelines.getLast();
        OpTime end = archive.end(newest).last();
        try (var links = archive.newestFirst(newest, newest.begin(), end)) {
            return links.filter(link -> link.oplogWindow().isPresent())
                    .findFirst()
                    .flatMap(link -> room(archive, newest, link));
        }
    }

    /** Of what was archived of that time; where that is less than all of it, the rest is taken to be like it. */
    private static Optional<OplogRoom> room(OplogArchive archive, OplogTimeline timeline, OplogLink looked) {
        Duration window = looked.oplogWindow().orElseThrow();
        OpTime until = looked.last();
        var from = new OpTime(Math.max(0, until.seconds() - window.toSeconds()), 0);
        List<OplogLink> within = archive.links(timeline, from, until);
        OpTime first = within.getFirst().slice().first();
        long seconds = until.seconds() - Math.max(from.seconds(), first.seconds());
        long bytes = within.stream()
                .mapToLong(link -> link.slice().stored().bytesRaw())
                .sum();
        return seconds <= 0 || bytes <= 0
                ? Optional.empty()
                : Optional.of(
                        new OplogRoom(Math.round((double) bytes * window.toSeconds() / seconds), window.toSeconds()));
    }
}
