package io.firedrill.runner;

import io.firedrill.monitoring.Metric;
import io.firedrill.monitoring.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Collects what was measured of one source; what was not measured leaves no sample. */
final class Samples {
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> prefix;

    private Samples(List<String> prefix) {
        this.prefix = prefix;
    }

    /** Of the whole store. */
    static Samples ofStore() {
        return new Samples(List.of());
    }

    /** @param cluster the name of the source in the store */
    static Samples of(String cluster) {
        return new Samples(List.of(Visible.of(cluster)));
    }

    void add(Metric metric, double value, String... labels) {
        List<String> all = new ArrayList<>(prefix);
        for (String label : labels) {
            all.add(Visible.of(label));
        }
        samples.add(new Sample(metric, all, value));
    }

    /** How many, exact up to 2^53. */
    void addCount(Metric metric, long count, String... labels) {
        add(metric, (double) count, labels);
    }

    void addMeasured(Metric metric, @Nullable Double value) {
        if (value != null) {
            add(metric, value.doubleValue());
        }
    }

    void add(Metric metric, OptionalDouble value) {
        value.ifPresent(measured -> add(metric, measured));
    }

    void add(Metric metric, Optional<Instant> moment) {
        moment.ifPresent(at -> add(metric, unixSeconds(at)));
    }

    /** With fractions, as far as the clock tells them. */
    static double unixSeconds(Instant moment) {
        return moment.toEpochMilli() / 1e3;
    }

    List<Sample> all() {
        return samples;
    }
}
