package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeedsTest {
    @ParameterizedTest
    @CsvSource({"50MB/s,50000000", "800kB/s,800000", "2GB/s,2000000000", "1kB/s,1000"})
    void speedsAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Speeds.parse(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "50", "50MB", "0MB/s", "-1MB/s", "1.5MB/s", "50 MB/s", "50MiB/s", "50mb/s", "9999999kB/s"})
    void anythingElseIsNone(String text) {
        assertThat(Speeds.parse(text)).isEmpty();
    }
}
