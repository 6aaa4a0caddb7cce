package io.firedrill.migration;

import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.util.List;
import java.util.Optional;

/**
 * How many times as long changes took where they were applied as their rehearsals had measured. What makes the difference,
 * hardware, members, users, is not told apart.
 *
 * @param low of the change that took the fewest times as long
 * @param median of all
 * @param high of the change that took the most times as long
 * @param changes how many there were, at least 1
 */
public record Pace(double low, double median, double high, int changes) {
    /** Below this a time is mostly that of a clock. */
    private static final double SECONDS_MIN = 0.05;

    /** Empty where none was applied yet. */
    public static Optional<Pace> of(ReleaseHistory history) {
        List<Double> times = history.applied().stream()
                .filter(change -> change.plannedSeconds().orElse(0.0) >= SECONDS_MIN
                        && change.actualSeconds().isPresent())
                .map(Pace::times)
                .sorted()
                .toList();
        return times.isEmpty()
                ? Optional.empty()
                : Optional.of(new Pace(times.getFirst(), median(times), times.getLast(), times.size()));
    }

    private static double times(OfChange change) {
        return change.actualSeconds().orElseThrow() / change.plannedSeconds().orElseThrow();
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
