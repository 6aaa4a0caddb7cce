package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "'',abc,3", "abc,'',3", "same,same,0", "store,sotre,2", "a,b,1"})
    void theDistanceIsTheNumberOfLettersToChange(String left, String right, int distance) {
        assertThat(Nearest.distance(left, right)).isEqualTo(distance);
    }

    @Test
    void theNearestNameIsFoundIfItIsNearEnough() {
        List<String> names = List.of("backups", "backup", "restore");
        assertThat(Nearest.to("bakup", names)).contains("backup");
        assertThat(Nearest.to("backupps", names)).contains("backups");
        assertThat(Nearest.to("migrations", names)).isEmpty();
    }

    @Test
    void aShortNameIsNotGuessedFromNothing() {
        assertThat(Nearest.to("xy", List.of("-h", "rto"))).isEmpty();
    }
}
