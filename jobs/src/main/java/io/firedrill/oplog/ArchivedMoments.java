package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Finds moments in archived oplog that nobody has named. */
final class ArchivedMoments {
    private final OplogArchive archive;

    ArchivedMoments(OplogArchive archive) {
        this.archive = archive;
    }

    /**
     * A moment that was found.
     *
     * @param why it is this one
     */
    record Chosen(RecoveryWindow window, OpTime until, String why) {}

    private record Part(RecoveryWindow window, OplogLink link) {}

    /** Any entry, each as likely as every other; those before a window's begin stand for it. */
    Chosen any(List<RecoveryWindow> windows, long seed) {
        List<Part> parts = windows.stream()
                .flatMap(window -> links(window).stream().map(link -> new Part(window, link)))
                .toList();
        long all = parts.stream().mapToLong(part -> entries(part.link)).sum();
        long left = new Random(seed).nextLong(all);
        for (Part part : parts) {
            if (left < entries(part.link)) {
                OpTime found = timeOf(part.link, left);
                OpTime from = part.window.from();
                return new Chosen(
                        part.window, found.compareTo(from) < 0 ? from : found, "chosen at random, with seed " + seed);
            }
            left -= entries(part.link);
        }
        throw new IllegalStateException("no entry %d of %d".formatted(left, all));
    }

    private List<OplogLink> links(RecoveryWindow window) {
        return archive.links(window.timeline(), window.from(), window.to());
    }

    private static long entries(OplogLink link) {
        return link.slice().stored().documents();
    }

    private OpTime timeOf(OplogLink link, long place) {
        List<OpTime> times = new ArrayList<>();
        archive.slices().fetch(link.slice().stored()).forEachDocument((bytes, offset, length) -> {
            if (times.size() <= place) {
                times.add(OplogEntry.timeOf(bytes, offset, length));
            }
        });
        return times.getLast();
    }

    /** Read from the end on, a link at a time: what somebody wants back was mostly lost lately. */
    Chosen beforeLastDrop(RecoveryWindow window) {
        try (Stream<OplogLink> links = archive.newestFirst(window.timeline(), window.from(), window.to())) {
            return links.flatMap(link -> lastDrop(link, window.from()).stream())
                    .findFirst()
                    .map(drop -> before(drop, window))
                    .orElseThrow(() -> new Failure(
                            FailureKind.TARGET_UNREACHABLE,
                            "no collection or database was dropped or replaced between %s and %s"
                                    .formatted(window.from(), window.to()),
                            "Look at what happened with 'firedrill oplog show', and give the moment with --at."));
        }
    }

    private static Chosen before(OplogEntry drop, RecoveryWindow window) {
        return new Chosen(
                window,
                drop.at().previous(),
                "the entry before %s of %s at %s".formatted(drop.command(), Losses.of(drop), drop.at()));
    }

    private Optional<OplogEntry> lastDrop(OplogLink link, OpTime from) {
        List<OplogEntry> last = new ArrayList<>();
        archive.slices().fetch(link.slice().stored()).forEachDocument((bytes, offset, length) -> {
            if (OplogEntry.kindOf(bytes, offset, length).equals("c")) {
                OplogEntry entry = OplogEntry.copyOf(bytes, offset, length);
                if (entry.at().compareTo(from) > 0 && Losses.isOne(entry)) {
                    last.clear();
                    last.add(entry);
                }
            }
        });
        return last.stream().findFirst();
    }
}
