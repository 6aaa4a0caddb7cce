package io.firedrill.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of when drills will take longer than their target: the recovery time as a straight line over the bytes
 * restored, and the bytes as one over the days.
 *
 * @param runs the estimate is made of
 * @param days from the newest of them; null where the lines do not lead there
 * @param words what it comes to
 */
record Forecast(int runs, @Nullable Double days, String words) {
    /** Two lines through fewer points would say more than is known. */
    static final int RUNS_MIN = 8;

    private static final double DAY = Duration.ofDays(1).toSeconds();
    private static final double DAYS_MAX = 3650;

    /** A straight line. */
    private record Fit(double at0, double slope) {
        static Fit of(double[] xs, double[] ys) {
            double meanX = mean(xs);
            double meanY = mean(ys);
            double product = 0;
            double square = 0;
            for (int i = 0; i < xs.length; i++) {
                product += (xs[i] - meanX) * (ys[i] - meanY);
                square += (xs[i] - meanX) * (xs[i] - meanX);
            }
            double slope = square == 0 ? 0 : product / square;
            return new Fit(meanY - slope * meanX, slope);
        }

        private static double mean(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum / values.length;
        }
    }

    /** From the drills of the whole that passed, oldest first, and the target of the newest. */
    static Forecast of(List<Run> drills, @Nullable Double target) {
        List<Run> measured = drills.stream()
                .filter(run -> run.isProof() && run.rto().isPresent() && run.bytes() > 0)
                .toList();
        if (measured.size() < RUNS_MIN || target == null) {
            return new Forecast(
                    measured.size(),
                    null,
                    target == null
                            ? "no estimate, as no target for the recovery time was set."
                            : "no estimate, as it takes %d drills that passed, and there are %d."
                                    .formatted(RUNS_MIN, measured.size()));
        }
        Instant first = measured.getFirst().at();
        double[] days = measured.stream()
                .mapToDouble(run -> Duration.between(first, run.at()).toSeconds() / DAY)
                .toArray();
        double[] bytes = measured.stream().mapToDouble(Run::bytes).toArray();
        double[] seconds =
                measured.stream().mapToDouble(run -> run.rto().orElseThrow()).toArray();
        Fit byBytes = Fit.of(bytes, seconds);
        Fit byDays = Fit.of(days, bytes);
        if (byBytes.slope() <= 0 || byDays.slope() <= 0) {
            return new Forecast(
                    measured.size(), null, "no breach in sight, as drills do not get longer as data grows.");
        }
        double breach = ((target - byBytes.at0()) / byBytes.slope() - byDays.at0()) / byDays.slope();
        return told(measured.size(), breach - days[days.length - 1]);
    }

    private static Forecast told(int runs, double days) {
        if (days > DAYS_MAX) {
            return new Forecast(runs, null, "no breach in sight within ten years.");
        }
        return days <= 0
                ? new Forecast(runs, 0.0, "by the lines through these drills the target is breached already.")
                : new Forecast(
                        runs,
                        Math.rint(days),
                        "about %.0f days after the newest drill, if data grows as it did.".formatted(days));
    }
}
