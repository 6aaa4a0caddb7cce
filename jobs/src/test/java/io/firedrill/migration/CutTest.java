package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Cut.Mode;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutTest {
    private static List<String> names(List<Cut> cuts) {
        return cuts.stream().map(Cut::name).toList();
    }

    private static WritesSeen writes(long data, long rows) {
        return new WritesSeen(data, rows, List.of(), OptionalLong.empty(), OptionalLong.empty());
    }

    @ParameterizedTest
    @EnumSource
    void aCutIsMadeAgainByItsName(Mode mode) {
        var cut = new Cut(mode, WriteKind.DATA, 4_711);
        assertThat(Cut.parse(cut.name())).isEqualTo(cut);
        var row = new Cut(mode, WriteKind.ROW, 1);
        assertThat(Cut.parse(row.name())).isEqualTo(row);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kill-before-data",
                "kill-before-data-0",
                "kill-before-data--1",
                "kill-before-books-1",
                "kill-data-1",
                "kill-before-data-1 ",
                "kill-before-data-99999999999999999999"
            })
    void whatIsNoNameOfACutIsRefused(String name) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Cut.parse(name));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("'" + name + "'");
        assertThat(failure.hint()).contains("kill-before", "answer-lost");
    }

    @Test
    void nothingIsCutWhereWritesComeAtAnyTime() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Cut(Mode.KILL_BEFORE, WriteKind.BOOKS, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cut(Mode.KILL_BEFORE, WriteKind.DATA, 0));
    }

    @Test
    void theMatrixOfAHundredWritesHasTheirQuartersAndTheRow() {
        assertThat(names(CutPoints.crashes(writes(100, 3))))
                .containsExactly(
                        "kill-before-data-1",
                        "kill-before-data-25",
                        "kill-before-data-50",
                        "kill-before-data-75",
                        "kill-before-data-100",
                        "kill-before-row-3",
                        "kill-after-data-1",
                        "kill-after-data-50",
                        "kill-after-data-100",
                        "kill-after-row-3");
        assertThat(names(CutPoints.lostAnswers(writes(100, 3))))
                .containsExactly(
                        "answer-lost-data-1", "answer-lost-data-50", "answer-lost-data-100", "answer-lost-row-3");
    }

    @Test
    void ofFewWritesNoneIsTriedTwice() {
        assertThat(names(CutPoints.crashes(writes(1, 1))))
                .containsExactly("kill-before-data-1", "kill-before-row-1", "kill-after-data-1", "kill-after-row-1");
        assertThat(names(CutPoints.crashes(writes(2, 0))))
                .containsExactly("kill-before-data-1", "kill-before-data-2", "kill-after-data-1", "kill-after-data-2");
        assertThat(names(CutPoints.crashes(writes(3, 0))))
                .containsExactly(
                        "kill-before-data-1",
                        "kill-before-data-2",
                        "kill-before-data-3",
                        "kill-after-data-1",
                        "kill-after-data-2",
                        "kill-after-data-3");
        assertThat(names(CutPoints.lostAnswers(writes(1, 0)))).containsExactly("answer-lost-data-1");
    }

    @Test
    void whereNothingIsWrittenNothingIsCut() {
        assertThat(CutPoints.crashes(writes(0, 0))).isEmpty();
        assertThat(CutPoints.lostAnswers(writes(0, 0))).isEmpty();
        assertThat(names(CutPoints.crashes(writes(0, 2)))).containsExactly("kill-before-row-2", "kill-after-row-2");
    }
}
