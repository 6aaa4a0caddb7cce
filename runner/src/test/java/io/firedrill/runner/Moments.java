package io.firedrill.runner;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Random moments in a run: one in each of as many equal slices, in random order, so that none is left out. A fifth of them
 * lies in the run's start, which on a busy machine takes longer than its work.
 */
final class Moments {
    private static final double SHARE_OF_START = 0.2;

    private final Random random;
    private final Deque<Double> shares = new ArrayDeque<>();
    private Span span;

    /** How long a run takes from its first write to the end of its first phase, and from there to its record. */
    record Span(Duration start, Duration work) {
        Span shorter() {
            return new Span(
                    start.multipliedBy(19).dividedBy(20), work.multipliedBy(19).dividedBy(20));
        }
    }

    /** So long after the run's first write, or, if it is one in the work, after the end of its first phase. */
    record Moment(boolean inWork, Duration after) {}

    Moments(long seed, int count, Span span) {
        this.random = new Random(seed);
        this.span = span;
        List<Double> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slices.add((i + random.nextDouble()) / count);
        }
        Collections.shuffle(slices, random);
        shares.addAll(slices);
    }

    boolean areLeft() {
        return !shares.isEmpty();
    }

    /** The next moment, which stays the next until it was hit. */
    Moment next() {
        double share = shares.getFirst();
        return share < SHARE_OF_START
                ? new Moment(false, part(share / SHARE_OF_START, span.start))
                : new Moment(true, part((share - SHARE_OF_START) / (1 - SHARE_OF_START), span.work));
    }

    private static Duration part(double share, Duration whole) {
        return Duration.ofNanos((long) (share * whole.toNanos()));
    }

    void hit() {
        shares.removeFirst();
    }

    /** What we aimed at had ended by then: runs are shorter than they were, and a moment is drawn anew. */
    void missed() {
        span = span.shorter();
        shares.removeFirst();
        shares.addLast(random.nextDouble());
    }
}
