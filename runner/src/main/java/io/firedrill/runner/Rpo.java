package io.firedrill.runner;

import org.jspecify.annotations.Nullable;

/** How old what was recovered to was when the recovery began, and whether that met the target if there is one. */
record Rpo(
        double actualSeconds,
        @Nullable Double targetSeconds,
        @Nullable Boolean met) {
    boolean missed() {
        return Boolean.FALSE.equals(met);
    }
}
