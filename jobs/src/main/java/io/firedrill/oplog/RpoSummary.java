package io.firedrill.oplog;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the measured samples of the RPO come to.
 *
 * @param samples all that were taken
 * @param median of the newest, as the others are
 */
public record RpoSummary(long samples, Duration median, Duration p95, Duration max) {
    private static final int MEDIAN = 50;
    private static final int HIGH = 95;
    private static final int ALL = 100;

    static Optional<RpoSummary> of(long samples, Collection<Duration> newest) {
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        List<Duration> sorted = newest.stream().sorted().toList();
        return Optional.of(new RpoSummary(samples, share(sorted, MEDIAN), share(sorted, HIGH), share(sorted, ALL)));
    }

    /** The smallest sample that so many percent do not exceed. */
    private static Duration share(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() * percent + ALL - 1) / ALL - 1);
    }
}
