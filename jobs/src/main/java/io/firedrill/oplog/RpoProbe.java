package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHistory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the recovery point: writes a note into the source now and then, and takes the time until it lies in the archive.
 * What a disaster at that moment would have cost is no less than this.
 *
 * <p>Notes are written by a thread of their own: where there is no primary to take one, reading goes on.
 */
final class RpoProbe {
    /** A week of one a minute. */
    private static final int SAMPLES_MAX = 7 * 24 * 60;

    private final Deployment source;
    private final String note;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Deque<Note> pending = new ArrayDeque<>();
    private final Deque<Duration> newest = new ArrayDeque<>();
    private long samples;
    private long due;
    private boolean writing;
    private boolean unsaid;
    private @Nullable OpTime archived;
    private @Nullable Duration window;

    private record Note(OpTime at, long begun) {}

    RpoProbe(Deployment source, String note, Duration interval, LongSupplier nanoTime) {
        this.source = source;
        this.note = note;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong();
    }

    /** Begins to write a note if it is time for one, and none is on its way. */
    synchronized void tick() {
        if (!writing && nanoTime.getAsLong() - due >= 0) {
            writing = true;
            due = nanoTime.getAsLong() + intervalNanos;
            // Not a virtual one: mongo's Requests tells why.
            Thread.ofPlatform().daemon().name("rpo-probe").start(this::write);
        }
    }

    /** Writes a note now, and waits until it is written. */
    OpTime fence() {
        long begun = nanoTime.getAsLong();
        OpTime at = source.fence(note);
        written(new Note(at, begun));
        return at;
    }

    private void write() {
        try {
            fence();
            look();
        } catch (RuntimeException _) {
            // There is no primary, or the run has ended and its connection with it: the archiver meets that itself.
        } finally {
            done();
        }
    }

    /** Looks how far back the source's oplog reaches. */
    void look() {
        looked(OplogHistory.unfenced(source).window());
    }

    private synchronized void looked(Duration found) {
        window = found;
        unsaid = true;
    }

    /** How far back the source's oplog reaches, if that was looked at since this was asked last. */
    synchronized Optional<Duration> newWindow() {
        boolean fresh = unsaid;
        unsaid = false;
        return fresh ? window() : Optional.empty();
    }

    synchronized Optional<Duration> window() {
        return Optional.ofNullable(window);
    }

    private synchronized void done() {
        writing = false;
    }

    private synchronized void written(Note written) {
        pending.add(written);
        if (archived != null) {
            archived(archived);
        }
    }

    /** How long the oldest note up to here has been waiting to be archived. */
    synchronized Optional<Duration> waiting(OpTime upTo) {
        return pending.stream()
                .filter(each -> each.at().compareTo(upTo) <= 0)
                .map(each -> Duration.ofNanos(nanoTime.getAsLong() - each.begun()))
                .max(Duration::compareTo);
    }

    /** Everything up to here is durable in the archive now. */
    synchronized void archived(OpTime upTo) {
        archived = upTo;
        long now = nanoTime.getAsLong();
        pending.removeIf(each -> {
            boolean there = each.at().compareTo(upTo) <= 0;
            if (there) {
                sample(Duration.ofNanos(now - each.begun()));
            }
            return there;
        });
    }

    /** What was written before a gap never comes into the archive. */
    synchronized void forget() {
        pending.clear();
    }

    private void sample(Duration taken) {
        samples++;
        newest.add(taken);
        if (newest.size() > SAMPLES_MAX) {
            newest.remove();
        }
    }

    synchronized Optional<Duration> last() {
        return Optional.ofNullable(newest.peekLast());
    }

    synchronized Optional<RpoSummary> summary() {
        return RpoSummary.of(samples, newest);
    }
}
