package io.firedrill.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Samples as Micrometer's gauges. */
final class Gauges {
    private Gauges() {}

    /**
     * Two samples of one name and the same labels are a mistake of the caller.
     *
     * @param unit of a metric, where it is told beside the name
     */
    static void register(MeterRegistry registry, Collection<Sample> samples, Function<Metric, @Nullable String> unit) {
        var seen = new HashSet<List<Object>>();
        for (Sample sample : samples) {
            // Micrometer would hand out the first gauge again, and the second value would be lost.
            if (!seen.add(List.of(sample.metric(), sample.labels()))) {
                throw new IllegalArgumentException("measured twice: %s".formatted(sample));
            }
            Gauge.builder(sample.metric().word(), sample::value)
                    .description(sample.metric().help())
                    .baseUnit(unit.apply(sample.metric()))
                    .tags(tags(sample))
                    .register(registry);
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
