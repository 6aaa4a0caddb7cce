package io.firedrill.runner;

import org.jspecify.annotations.Nullable;

/**
 * How long recovery took, and whether that met the target if there is one.
 *
 * @param scope what the time is of, where that could be taken for more than it is
 */
record Rto(
        double actualSeconds,
        @Nullable Double targetSeconds,
        @Nullable Boolean met,
        @Nullable String scope) {

    Rto(double actualSeconds, @Nullable Double targetSeconds, @Nullable Boolean met) {
        this(actualSeconds, targetSeconds, met, null);
    }

    boolean missed() {
        return Boolean.FALSE.equals(met);
    }
}
