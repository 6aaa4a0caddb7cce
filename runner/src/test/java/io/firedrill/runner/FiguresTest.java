package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1.0 KiB",
        "1048575,1.0 MiB",
        "1503238554,1.4 GiB",
        "9223372036854775807,8.0 EiB"
    })
    void bytesAreWrittenInTheirUnit(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0.0s",
        "-1,0.0s",
        "9.94,9.9s",
        "9.96,10s",
        "59.4,59s",
        "59.6,1m",
        "61,1m01s",
        "3600,1h",
        "3720,1h02m",
        "86400,1d",
        "97200,1d03h"
    })
    void durationsAreWrittenInTwoUnitsAtMost(double seconds, String text) {
        assertThat(Figures.seconds(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0%", "0.999,99%", "1,100%", "1.2,100%", "-0.1,0%"})
    void aHundredPercentIsSaidOnlyWhenNothingIsLeft(double share, String text) {
        assertThat(Figures.percent(share)).isEqualTo(text);
    }

    @Test
    void aBarIsAlwaysAsWideAsAsked() {
        assertThat(Figures.bar(0.5, 4, StandardCharsets.UTF_8)).isEqualTo("██░░");
        assertThat(Figures.bar(2, 4, StandardCharsets.US_ASCII)).isEqualTo("####");
        assertThat(Figures.bar(-1, 4, StandardCharsets.ISO_8859_1)).isEqualTo("....");
    }

    @Test
    void aRateNeedsTime() {
        assertThat(Figures.rate(2048, 2)).isEqualTo("1.0 KiB/s");
        assertThat(Figures.rate(2048, 0)).isEqualTo("0 B/s");
    }
}
