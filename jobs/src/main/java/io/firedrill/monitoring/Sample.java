package io.firedrill.monitoring;

import java.util.List;

/**
 * One measured value.
 *
 * @param labels one for each label of the metric, in its order; none is empty, since Prometheus takes an empty one for none
 * @param value in the unit that the metric's name says
 */
public record Sample(Metric metric, List<String> labels, double value) {
    public Sample {
        labels = List.copyOf(labels);
        if (labels.size() != metric.labels().size() || labels.contains("") || !Double.isFinite(value)) {
            throw new IllegalArgumentException("%s takes %s and a finite number, not %s and %s"
                    .formatted(metric.word(), metric.labels(), labels, value));
        }
    }

    public static Sample of(Metric metric, double value, String... labels) {
        return new Sample(metric, List.of(labels), value);
    }
}
