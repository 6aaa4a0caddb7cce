package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;

/**
 * One stretch of a run that has ended, well or not.
 *
 * <p>{@code begin} is the attempt's wall start plus monotonic time since, so a clock that jumps in between shifts
 * nothing.
 */
public record Phase(String name, int attempt, Instant begin, Duration elapsed, boolean insideRto, boolean failed) {
    Instant end() {
        return begin.plus(elapsed);
    }
}
