package io.firedrill.oplog;

import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHead;
import io.firedrill.mongo.OplogPosition;
import io.firedrill.mongo.OplogTail;
import io.firedrill.mongo.ReadMember;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows a source's oplog into the archive. Whatever interrupts it, it goes on after the last archived entry, once it has
 * seen that this very entry is still there; where it is not, the gap is written down and a new timeline begins.
 *
 * <p>Memory is constant: one slice and one reply of the server. Not safe for use by several threads.
 */
public final class OplogArchiver {
    /** How long a request to stop may wait for the server. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** A member that has not shown the last archived entry after this is behind, or does not have it. */
    private static final Duration JOIN_MAX = Duration.ofSeconds(5);

    private final ArchiveSource source;
    private final ArchiveWriting writing;
    private final ArchiveTimelines timelines;
    private final ArchivePace pace;
    private final LongSupplier nanoTime;
    private final Runnable turned;
    private final RpoProbe probe;
    private final ArchiveFigures figures;
    private final SliceBuffer buffer;
    private Outage outage;
    private @Nullable ArchiveChain chain;
    private @Nullable OplogHead newest;
    private long sliceBegan;
    private boolean primaryOnly;

    /** Whether this run has seen the end of the archive in the source's oplog: before that, its time says nothing. */
    private boolean joined;

    /**
     * @param turned called after every look at the source, at least twice a second
     */
    public OplogArchiver(
            ArchiveSource source, ArchiveWriting writing, ArchivePace pace, LongSupplier nanoTime, Runnable turned) {
        this.source = source;
        this.writing = writing;
        this.timelines = new ArchiveTimelines(source.set(), writing);
        this.pace = pace;
        this.nanoTime = nanoTime;
        this.turned = turned;
        this.probe = new RpoProbe(source.set(), source.note(), pace.fence(), nanoTime);
        this.figures = new ArchiveFigures(writing.clock());
        this.outage = new Outage(nanoTime, Outage.FOR_EVER);
        this.buffer = new SliceBuffer(pace.sliceBytes());
    }

    public ArchiveFigures figures() {
        return figures;
    }

    public Optional<RpoSummary> rpo() {
        return probe.summary();
    }

    /** How far back the source's oplog reaches; empty before the first look. */
    public Optional<Duration> oplogWindow() {
        return probe.window();
    }

    /** What keeps it from its work now. */
    public Optional<Failure> trouble() {
        return outage.now();
    }

    /** Where the archive ends now; empty before it was found. */
    public Optional<OplogPosition> end() {
        return Optional.ofNullable(chain).map(ArchiveChain::end);
    }

    /** The timeline that is written now; empty before it was found. */
    public Optional<OplogTimeline> timeline() {
        return Optional.ofNullable(chain).map(ArchiveChain::timeline);
    }

    /** The timelines that had to begin because of a gap. */
    public List<OplogTimeline> gaps() {
        return timelines.gaps();
    }

    /** Follows until asked to stop, whatever the source goes through. */
    public void follow(BooleanSupplier stop) {
        if (resume(stop)) {
            run(Optional.empty(), stop);
        }
    }

    /**
     * Archives what there is now.
     *
     * @return false if it was asked to stop before that
     */
    public boolean once(BooleanSupplier stop) {
        outage = new Outage(nanoTime, Outage.OF_ONE_RUN);
        if (!resume(stop)) {
            return false;
        }
        OpTime now = probe.fence();
        run(Optional.of(now), stop);
        return joined && chain().end().at().compareTo(now) >= 0;
    }

    private boolean resume(BooleanSupplier stop) {
        while (chain == null && !stop.getAsBoolean()) {
            try {
                ArchiveChain found = timelines.resume();
                // Here, not only in the background: a privilege that is missing has to be heard of.
                probe.look();
                chain = found;
            } catch (Failure failure) {
                turned.run();
                outage.bear(failure);
            }
        }
        turned.run();
        return chain != null;
    }

    private void run(Optional<OpTime> until, BooleanSupplier stop) {
        while (!stop.getAsBoolean() && !hasReached(until)) {
            try {
                read(until, stop);
            } catch (Failure failure) {
                forgetUnstored();
                bear(failure);
            }
        }
    }

    private void bear(Failure failure) {
        turned.run();
        try {
            writing.lease().run();
            if (failure.kind() == FailureKind.OPLOG_GAP) {
                judge();
            } else {
                outage.bear(failure);
            }
        } catch (Failure during) {
            // To judge, too, takes a source that answers.
            outage.bear(during);
        }
    }

    /** What one member says is the end of a timeline only when the primary says so too. */
    private void judge() {
        Optional<ArchiveChain> next = timelines.next(chain());
        primaryOnly = next.isEmpty();
        next.ifPresent(begun -> {
            chain = begun;
            joined = false;
            probe.forget();
            turned.run();
        });
    }

    private void read(Optional<OpTime> until, BooleanSupplier stop) {
        try (ReadMember member = primaryOnly ? source.primary() : source.member();
                OplogTail tail = chain().tail(member.deployment())) {
            long opened = nanoTime.getAsLong();
            boolean more = true;
            while (more) {
                probe.tick();
                tail.next(patience(), this::take);
                turned.run();
                if (tail.joined()) {
                    joined = true;
                    primaryOnly = false;
                } else if (isOlderThan(opened, JOIN_MAX)) {
                    throw tail.notJoined();
                }
                more = !stop.getAsBoolean() && !hasReached(until);
                if (!more || isDue()) {
                    store();
                }
                // A store that takes nothing is an outage as well: while a slice waits for it, none is over.
                if (tail.joined() && buffer.isEmpty()) {
                    outage.over();
                }
            }
        }
    }

    private void take(byte[] bytes, int offset, int length) {
        if (buffer.isFullFor(length)) {
            store();
        }
        if (buffer.isEmpty()) {
            sliceBegan = nanoTime.getAsLong();
        }
        newest = OplogHead.of(bytes, offset, length);
        buffer.add(newest.at(), bytes, offset, length);
    }

    private void store() {
        OplogHead last = newest;
        if (last == null || buffer.isEmpty()) {
            return;
        }
        long entries = buffer.entries();
        long bytes = buffer.bytesRaw();
        chain().store(buffer, last.position().term(), probe);
        figures.stored(entries, bytes, last, probe.last());
    }

    private void forgetUnstored() {
        buffer.clear();
        newest = null;
    }

    private boolean hasReached(Optional<OpTime> until) {
        if (!joined) {
            return false;
        }
        OpTime reached = newest == null ? chain().end().at() : newest.at();
        return until.filter(wanted -> reached.compareTo(wanted) >= 0).isPresent();
    }

    private boolean isDue() {
        return !buffer.isEmpty() && isOlderThan(sliceBegan, pace.slice());
    }

    /** No longer than until the slice has to be stored. */
    private Duration patience() {
        if (buffer.isEmpty()) {
            return LOOK;
        }
        Duration left = pace.slice().minusNanos(nanoTime.getAsLong() - sliceBegan);
        return left.compareTo(LOOK) < 0 ? left : LOOK;
    }

    private boolean isOlderThan(long moment, Duration age) {
        return nanoTime.getAsLong() - moment >= age.toNanos();
    }

    private ArchiveChain chain() {
        return Objects.requireNonNull(chain);
    }
}
