package io.firedrill.monitoring;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collection;

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
            // Its unit stands in the name, and would be put there once more.
            Gauges.register(registry, samples, _ -> null);
            return registry.scrape(CONTENT_TYPE);
        } finally {
            registry.close();
        }
    }
}
