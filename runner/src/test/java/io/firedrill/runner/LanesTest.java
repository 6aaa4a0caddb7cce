package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesTest {
    private static final long MEGABYTE = 1L << 20;

    @ParameterizedTest
    @CsvSource({"128, 1", "512, 4", "4096, 36", "65536, 64", "1, 1"})
    void aHeapHasRoomForSoManyLanes(int megabytes, int lanes) {
        assertThat(Lanes.fitting(megabytes * MEGABYTE)).isEqualTo(lanes);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "3, 3", "32, 4"})
    void thereIsALaneForEachProcessorAsFarAsTheHeapGoes(int processors, int lanes) {
        assertThat(Lanes.usual(processors, 512 * MEGABYTE)).isEqualTo(lanes);
    }
}
