package io.firedrill.runner;

import io.firedrill.monitoring.Exposition;
import io.firedrill.monitoring.Metric;
import io.firedrill.monitoring.Sample;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What was measured, of every source that was asked for.
 *
 * @param instance what the figures are of, in the whole world: the place in the store
 */
record MetricsResult(String instance, List<Sample> samples) {
    /** For programs that read no exposition format. */
    record Document(String instance, List<Line> samples) {}

    record Line(String name, SequencedMap<String, String> labels, double value) {}

    /** When they were read. */
    Instant at() {
        return samples.stream()
                .filter(sample -> sample.metric() == Metric.MEASURED)
                .findFirst()
                .map(sample -> Instant.ofEpochMilli(Math.round(sample.value() * 1000)))
                .orElseThrow(() -> new IllegalStateException("nobody said when it was measured"));
    }

    /** In the format that Prometheus reads. */
    String text() {
        return Exposition.of(samples);
    }

    Document document() {
        return new Document(instance, samples.stream().map(MetricsResult::line).toList());
    }

    private static Line line(Sample sample) {
        var labels = new TreeMap<String, String>();
        List<Metric.Label> names = sample.metric().labels();
        for (int i = 0; i < names.size(); i++) {
            labels.put(names.get(i).word(), sample.labels().get(i));
        }
        return new Line(sample.metric().word(), labels, sample.value());
    }
}
