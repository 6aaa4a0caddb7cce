package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeCutTest {
    @ParameterizedTest
    @CsvSource({
        "fill:kill-before-data-7, fill, CRASH_SAFE",
        "a:b:cut-after-row-1, a:b, CRASH_SAFE",
        "fill:answer-lost-data-1, fill, ACK_LOST_SAFE",
        "fill:freeze-data-2, fill, FENCED"
    })
    void itsNameSaysWhichChangeIsCutWhereAndWhatThatTells(String name, String id, Property property) {
        ChangeCut cut = ChangeCut.parse(name);
        assertThat(cut.id()).isEqualTo(id);
        assertThat(cut.name()).isEqualTo(name);
        assertThat(cut.property()).isEqualTo(property);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kill-before-data-7",
                ":kill-before-data-7",
                "fill:",
                "fill:kill-during-data-7",
                "fill:kill-before-data-0",
                "fill:kill-before-lock-1",
                "fill:freeze-row-1"
            })
    void whatNamesNoChangeOrNoCutIsRefused(String name) {
        assertThatThrownBy(() -> ChangeCut.parse(name)).isInstanceOf(Failure.class);
    }
}
