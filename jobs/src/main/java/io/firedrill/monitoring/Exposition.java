package io.firedrill.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** Samples in the text format that Prometheus, its Pushgateway and the textfile collector read (version 0.0.4). */
public final class Exposition {
    /** What the text is, for those who are told over HTTP. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private Exposition() {}

    /** Writes samples, in the order of their names; two of one name and the same labels are a mistake of the caller. */
    public static String of(Collection<Sample> samples) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.throwExceptionOnRegistrationFailure();
        try {
            var seen = new HashSet<List<Object>>();
            for (Sample sample : samples) {
                // Micrometer would hand out the first gauge again, and the second value would be lost.
                if (!seen.add(List.of(sample.metric(), sample.labels()))) {
                    throw new IllegalArgumentException("measured twice: %s".formatted(sample));
                }
                Gauge.builder(sample.metric().word(), sample::value)
                        .description(sample.metric().help())
                        .tags(tags(sample))
                        .register(registry);
            }
            return registry.scrape(CONTENT_TYPE);
        } finally {
            registry.close();
        }
    }

    private static List<Tag> tags(Sample sample) {
        return IntStream.range(0, sample.labels().size())
                .mapToObj(index -> Tag.of(
                        sample.metric().labels().get(index).word(),
                        sample.labels().get(index)))
                .toList();
    }
}
