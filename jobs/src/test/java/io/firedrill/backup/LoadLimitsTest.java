package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.ServerLoad;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadLimitsTest {
    private static final ServerLoad IDLE = new ServerLoad(100, 1_000_000, 0.01, 1);

    private final LoadLimits limits = new LoadLimits(Optional.of(Duration.ofMillis(50)));

    private static ServerLoad later(long writes, long micros) {
        return new ServerLoad(IDLE.writes() + writes, IDLE.writeMicros() + micros, 0.01, 1);
    }

    @Test
    void writesOfThisIntervalCountAndNotTheServersWholePast() {
        assertThat(limits.exceeded(IDLE, later(10, 10 * 60_000), IDLE)).contains("writes take 60 ms");
        assertThat(limits.exceeded(IDLE, later(10, 10 * 50_000), IDLE)).isEmpty();
        assertThat(limits.exceeded(IDLE, later(1_000, 70_000), IDLE)).isEmpty();
    }

    @Test
    void aSourceThatNobodyWritesToDoesNotSufferFromSlowWrites() {
        assertThat(limits.exceeded(IDLE, later(0, 0), IDLE)).isEmpty();
    }

    @Test
    void whereLatencyIsNotLookedAtOnlyTheServerReadFromCounts() {
        var never = new LoadLimits(Optional.empty());
        assertThat(never.exceeded(IDLE, later(1, 9_000_000), IDLE)).isEmpty();
        assertThat(never.exceeded(IDLE, IDLE, new ServerLoad(0, 0, 0.16, 1))).contains("16 % of the cache are dirty");
        assertThat(never.exceeded(IDLE, IDLE, new ServerLoad(0, 0, 0.15, 1))).isEmpty();
        assertThat(never.exceeded(IDLE, IDLE, new ServerLoad(0, 0, 0, 0.05)))
                .contains("only 5 % of the read tickets are free");
    }
}
