package io.firedrill.runner;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Phase;
import io.firedrill.evidence.RunRecord;
import io.firedrill.monitoring.Metric;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Measures the last drill that a status tells of, out of its record. */
final class DrillMetrics {
    private static final Set<String> EQUAL = Set.of(Outcome.PASSED.name(), Outcome.WARNED.name());
    private static final int TREND = 5;
    private static final int TREND_MIN = 3;

    private final Glance glance;
    private final Samples samples;

    DrillMetrics(Glance glance, Samples samples) {
        this.glance = glance;
        this.samples = samples;
    }

    void add(StatusResult.@Nullable LastDrill drill) {
        if (drill == null) {
            return;
        }
        samples.add(Metric.DRILL_LAST_RUN, Samples.unixSeconds(drill.at()));
        samples.add(Metric.DRILL_SUCCESS, EQUAL.contains(drill.outcome()) ? 1 : 0);
        glance.newestDrill()
                .filter(record -> record.finishedAt().equals(drill.at()))
                .ifPresent(this::record);
        trend();
    }

    private void record(RunRecord record) {
        samples.add(Metric.RTO_ACTUAL, record.rtoSeconds());
        samples.add(Metric.RTO_TARGET, record.rtoTargetSeconds());
        var phases = new TreeMap<String, Double>();
        for (Phase phase : record.phases()) {
            phases.merge(phase.name(), RecordedRun.seconds(phase.elapsed()), Double::sum);
        }
        phases.forEach((name, seconds) -> samples.add(Metric.PHASE_DURATION, seconds, name));
        for (String result : List.of("passed", "failed", "skipped")) {
            samples.addCount(
                    Metric.VERIFICATION_CHECKS,
                    record.json().at("/verification/" + result).asLong(0),
                    result);
        }
    }

    private void trend() {
        double[] seconds = glance.drills()
                .flatMapToDouble(record -> record.rtoSeconds().stream())
                .limit(TREND)
                .sorted()
                .toArray();
        if (seconds.length >= TREND_MIN) {
            int half = seconds.length / 2;
            samples.add(
                    Metric.RTO_MEDIAN,
                    seconds.length % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2);
        }
    }
}
