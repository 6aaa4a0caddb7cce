package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static final long MILLI = 1_000_000;

    @Test
    void soManyOfAHundredTookNoLonger() {
        var latencies = new Latencies();
        for (int i = 100; i >= 1; i--) {
            latencies.add(7, 7 + i * MILLI);
        }
        assertThat(latencies.percentile(95)).isEqualTo(95);
        assertThat(latencies.percentile(100)).isEqualTo(100);
    }

    @Test
    void oneRequestIsItsOwnMeasure() {
        var latencies = new Latencies();
        latencies.add(0, 3 * MILLI);
        assertThat(latencies.percentile(95)).isEqualTo(3);
    }

    @Test
    void whatWasUnderWayMeanwhileCountsAndNothingElse() {
        var latencies = new Latencies();
        latencies.add(0, 9);
        latencies.add(5, 10);
        latencies.add(12, 13);
        latencies.add(20, 30);
        latencies.add(21, 31);
        assertThat(latencies.between(10, 20).count()).isEqualTo(3);
    }
}
