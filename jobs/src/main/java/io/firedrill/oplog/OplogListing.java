package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.Selection;
import io.firedrill.mongo.OpTime;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads from archived oplog what happened, so that a person finds the moment before an accident. One slice at a time is in
 * memory, however long the span.
 */
public final class OplogListing {
    private final OplogArchive archive;
    private final HappeningReader reader;

    /**
     * @param selection the collections to tell of
     */
    public OplogListing(OplogArchive archive, Selection selection) {
        this.archive = archive;
        this.reader = new HappeningReader(selection);
    }

    /**
     * Tells what happened, in order; writes of one kind to one collection in one second as one.
     *
     * @param from inclusive
     * @param to inclusive
     * @param taker answers whether it wants more
     */
    public void read(OpTime from, OpTime to, Predicate<Happening> taker) {
        var folding = new Folding(taker);
        for (OplogTimeline timeline : archive.timelines()) {
            if (folding.wantsMore) {
                read(timeline, from, to, folding);
            }
        }
        folding.end();
    }

    private void read(OplogTimeline timeline, OpTime from, OpTime to, Folding folding) {
        gap(timeline, from, to).ifPresent(folding::add);
        if (folding.wantsMore) {
            for (OplogLink link : archive.links(timeline, from, to)) {
                if (folding.wantsMore) {
                    read(link, from, to, folding);
                }
            }
        }
    }

    private static Optional<Happening> gap(OplogTimeline timeline, OpTime from, OpTime to) {
        return timeline.after()
                .filter(after -> timeline.begin().compareTo(from) >= 0 && after.compareTo(to) <= 0)
                .map(after -> new Happening(
                        after,
                        timeline.begin(),
                        after.instant(),
                        Happening.GAP,
                        "nothing is known until %s: %s"
                                .formatted(timeline.begin(), timeline.reason().word()),
                        0));
    }

    private void read(OplogLink link, OpTime from, OpTime to, Folding folding) {
        archive.slices().fetch(link.slice().stored()).forEachDocument((bytes, offset, length) -> {
            OpTime at = OplogEntry.timeOf(bytes, offset, length);
            if (folding.wantsMore && at.compareTo(from) >= 0 && at.compareTo(to) <= 0) {
                reader.of(OplogEntry.copyOf(bytes, offset, length)).ifPresent(folding::add);
            }
        });
    }

    /** Holds one back, for the next may be more of it. */
    private static final class Folding {
        private final Predicate<Happening> taker;
        private @Nullable Happening held;
        private boolean wantsMore = true;

        Folding(Predicate<Happening> taker) {
            this.taker = taker;
        }

        void add(Happening next) {
            Happening before = held;
            if (before != null && before.isLike(next)) {
                held = before.with(next);
                return;
            }
            end();
            held = next;
        }

        void end() {
            Happening before = held;
            held = null;
            if (before != null && wantsMore) {
                wantsMore = taker.test(before);
            }
        }
    }
}
