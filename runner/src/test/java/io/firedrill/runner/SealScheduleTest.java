package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SealScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T03:15:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(3);

    private final SealSchedule schedule = new SealSchedule(INTERVAL);

    @Test
    void withoutASealOneIsDueAtOnce() {
        assertThat(schedule.isDue(NOW)).isTrue();
    }

    @Test
    void theNewestSealOfTheStoreDecidesWhoeverTookIt() {
        schedule.newest(NOW);
        requireDueIn(INTERVAL, NOW);
        schedule.newest(NOW.minusSeconds(60));
        requireDueIn(INTERVAL.minusSeconds(60), NOW);
    }

    @Test
    void afterOneThatWasTakenAnIntervalPasses() {
        schedule.done(NOW);
        requireDueIn(INTERVAL, NOW);
    }

    @Test
    void thePausesAfterFailuresDoubleUpToTheIntervalAndBeginAnewAfterASuccess() {
        schedule.failed(NOW);
        requireDueIn(Duration.ofMinutes(1), NOW);
        schedule.failed(NOW);
        requireDueIn(Duration.ofMinutes(2), NOW);
        schedule.failed(NOW);
        requireDueIn(INTERVAL, NOW);
        schedule.done(NOW);
        schedule.failed(NOW);
        requireDueIn(Duration.ofMinutes(1), NOW);
    }

    private void requireDueIn(Duration time, Instant from) {
        assertThat(schedule.isDue(from.plus(time).minusNanos(1))).isFalse();
        assertThat(schedule.isDue(from.plus(time))).isTrue();
    }
}
