package io.firedrill.runner;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Random moments within a span of time: one in each of as many equal slices, in random order, so that none is left out. */
final class Moments {
    private final Random random;
    private final Deque<Double> shares = new ArrayDeque<>();
    private Duration span;

    Moments(long seed, int count, Duration span) {
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
    Duration next() {
        return Duration.ofNanos((long) (shares.getFirst() * span.toNanos()));
    }

    void hit() {
        shares.removeFirst();
    }

    /** What we aimed at had ended by then: the span is shorter than it was, and a moment of it is drawn anew. */
    void missed() {
        span = span.multipliedBy(95).dividedBy(100);
        shares.addLast(random.nextDouble());
        shares.removeFirst();
    }
}
