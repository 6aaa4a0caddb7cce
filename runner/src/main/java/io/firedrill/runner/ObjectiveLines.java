package io.firedrill.runner;

import org.jspecify.annotations.Nullable;

/** Says for people what an objective came to: the figure, the target, and whether it was met. */
final class ObjectiveLines {
    private final Paint paint;

    ObjectiveLines(Paint paint) {
        this.paint = paint;
    }

    String rto(Rto rto) {
        String scope = rto.scope() == null ? "" : "; " + rto.scope();
        return words(rto.actualSeconds(), rto.targetSeconds(), rto.missed()) + scope;
    }

    /** Empty where nothing was recovered, so that there is no point of which to tell the age. */
    String rpo(@Nullable Rpo rpo) {
        return rpo == null ? "" : words(rpo.actualSeconds(), rpo.targetSeconds(), rpo.missed());
    }

    private String words(double actual, @Nullable Double target, boolean missed) {
        if (target == null) {
            return Figures.seconds(actual) + ", no target is set";
        }
        String met = missed ? paint.bad("MISSED") : paint.good("met");
        return Figures.seconds(actual) + " of " + Figures.seconds(target) + " allowed: " + met;
    }
}
