package io.firedrill.runner;

import org.jspecify.annotations.Nullable;

/** How long recovery took, and whether that met the target if there is one. */
record Rto(
        double actualSeconds,
        @Nullable Double targetSeconds,
        @Nullable Boolean met) {

    boolean missed() {
        return Boolean.FALSE.equals(met);
    }
}
