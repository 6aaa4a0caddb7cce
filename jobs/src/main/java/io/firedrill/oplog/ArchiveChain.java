package io.firedrill.oplog;

import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OplogPosition;
import io.firedrill.mongo.OplogTail;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of a timeline, where its archiver adds link after link. Not safe for use by several threads. */
final class ArchiveChain {
    private final OplogTimeline timeline;
    private final ArchiveWriting writing;
    private OplogChainEnd end;
    private @Nullable OplogLink unanswered;

    ArchiveChain(OplogTimeline timeline, ArchiveWriting writing) {
        this.timeline = timeline;
        this.writing = writing;
        this.end = writing.archive().end(timeline);
    }

    OplogTimeline timeline() {
        return timeline;
    }

    /** The last entry that is archived, or the one that the timeline has to begin with. */
    OplogPosition end() {
        return new OplogPosition(end.last(), end.term());
    }

    /** What comes next in a member's oplog. */
    OplogTail tail(Deployment member) {
        settle();
        return end.isBegin() ? OplogTail.from(member, end()) : OplogTail.after(member, end());
    }

    /** A link whose answer was lost may be there or not: the store knows. */
    private void settle() {
        OplogLink asked = unanswered;
        if (asked == null) {
            return;
        }
        OplogChainEnd found = writing.archive().end(timeline);
        boolean ours =
                found.number() == asked.number() && found.last().equals(asked.last()) && found.term() == asked.term();
        if (!ours && !found.equals(end)) {
            throw overtaken(asked);
        }
        end = found;
        unanswered = null;
    }

    /** Stores what a buffer holds: the entries first, then the link that makes them count. */
    void store(SliceBuffer buffer, long term, RpoProbe probe) {
        writing.lease().run();
        Optional<Slice> slice = buffer.store(writing.archive().slices());
        slice.ifPresent(stored -> {
            OplogLink link = end.link(
                            stored, term, writing.fence(), writing.clock().instant(), probe.waiting(stored.last()))
                    .with(probe.newWindow());
            writing.lease().run();
            unanswered = link;
            end = writing.archive().append(link).orElseThrow(() -> overtaken(link));
            unanswered = null;
            probe.archived(stored.last());
        });
    }

    private static Failure overtaken(OplogLink link) {
        return new Failure(
                FailureKind.LOCK_LOST,
                "another archiver has written link %d of timeline %d".formatted(link.number(), link.timeline()),
                "Let one archiver of a source run at a time; this one goes on where the other stops when it is started again.");
    }
}
