package io.firedrill.oplog;

import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.OplogTimeline.Reason;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHistory;
import io.firedrill.mongo.OplogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides where the archive goes on: behind its last entry, or, where the source has lost that, in a new timeline. */
final class ArchiveTimelines {
    private final Deployment source;
    private final ArchiveWriting writing;
    private final List<OplogTimeline> gaps = new ArrayList<>();

    ArchiveTimelines(Deployment source, ArchiveWriting writing) {
        this.source = source;
        this.writing = writing;
    }

    /** The timelines that had to begin because the one before could not be continued. */
    List<OplogTimeline> gaps() {
        return List.copyOf(gaps);
    }

    /** Where an earlier run has come to; the first timeline where there was none. */
    ArchiveChain resume() {
        List<OplogTimeline> all = writing.archive().timelines();
        if (all.isEmpty()) {
            return begin(1, Reason.FIRST, Optional.empty(), OplogHistory.of(source));
        }
        var chain = new ArchiveChain(all.getLast(), writing);
        return isOther(chain.timeline()) ? after(chain, Reason.OTHER_SOURCE, OplogHistory.of(source)) : chain;
    }

    /**
     * A new timeline, if the last archived entry is really gone. What a member says is no proof: it may have been behind, or
     * have been set up anew; the primary knows.
     *
     * @return empty where the primary still has that entry
     */
    Optional<ArchiveChain> next(ArchiveChain chain) {
        writing.lease().run();
        if (isOther(chain.timeline())) {
            return Optional.of(after(chain, Reason.OTHER_SOURCE, OplogHistory.of(source)));
        }
        OplogHistory history = OplogHistory.of(source);
        OplogPosition end = chain.end();
        if (history.holds(end)) {
            return Optional.empty();
        }
        boolean over = history.first().at().compareTo(end.at()) > 0;
        return Optional.of(after(chain, over ? Reason.ROLLED_OVER : Reason.ROLLED_BACK, history));
    }

    /** Before a note is written into its oplog: it may be anybody who answers at the source's address. */
    private boolean isOther(OplogTimeline timeline) {
        DeploymentIdentity now = source.identity();
        writing.current().accept(now);
        return !timeline.identity().replicaSetId().equals(now.replicaSetId());
    }

    private ArchiveChain after(ArchiveChain chain, Reason reason, OplogHistory history) {
        return begin(
                chain.timeline().number() + 1, reason, Optional.of(chain.end().at()), history);
    }

    private ArchiveChain begin(int number, Reason reason, Optional<OpTime> after, OplogHistory history) {
        OplogPosition begin = history.begin();
        var timeline = new OplogTimeline(
                number,
                source.identity(),
                begin.at(),
                begin.term(),
                writing.clock().instant(),
                reason,
                after);
        writing.lease().run();
        if (!writing.archive().begin(timeline)) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "another archiver has begun timeline %d".formatted(number),
                    "Let one archiver of a source run at a time.");
        }
        if (reason != Reason.FIRST) {
            gaps.add(timeline);
        }
        return new ArchiveChain(timeline, writing);
    }
}
