package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "15m,PT15M",
        "1h30m,PT1H30M",
        "90s,PT90S",
        "50ms,PT0.05S",
        "1m500ms,PT1M0.5S",
        "2d,PT48H",
        "1d2h3m4s,PT26H3M4S",
        "PT15M,PT15M",
        "pt0.5s,PT0.5S"
    })
    void durationsAreReadAsPeopleWriteThem(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "m", "1m1h", "-5m", "0s", "PT0S", "P", "1.5h", "5 m", "0ms", "5ms1s"})
    void anythingElseIsNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
