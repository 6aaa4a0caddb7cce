package io.firedrill.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.GateResult;
import io.firedrill.gate.GateDemand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gate that passed because little was asked of it is not enough: what was demanded is read in the words of whoever demands. */
class GateAskedTest {
    private static final GateDemand LITTLE = new GateDemand(
            OptionalDouble.of(10), OptionalDouble.empty(), OptionalLong.of(500), GateDemand.Let.WARNINGS);
    private static final GateDemand MUCH =
            new GateDemand(OptionalDouble.of(80), OptionalDouble.of(75), OptionalLong.of(3), GateDemand.Let.NOTHING);

    private static GateResult passed(List<String> demands, String... formats) {
        List<GateResult.Report> reports = Stream.of(formats)
                .map(format -> new GateResult.Report("r", format, "ab".repeat(32), 1, Map.of()))
                .toList();
        return new GateResult("gate", List.of(), demands, reports, Instant.EPOCH, "", "", "olga");
    }

    private static GateAsked asked(String what, String value) {
        boolean lines = what.equals("min-lines");
        return new GateAsked(
                lines ? OptionalDouble.of(Double.parseDouble(value)) : OptionalDouble.empty(),
                what.equals("min-branches") ? OptionalDouble.of(Double.parseDouble(value)) : OptionalDouble.empty(),
                what.equals("max-skipped") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty(),
                Optional.of(value).filter(_ -> what.equals("allow")),
                Optional.of(value).filter(_ -> what.equals("format")));
    }

    @ParameterizedTest
    @CsvSource({
        "min-lines,    10,       true,  true",
        "min-lines,    10.1,     false, true",
        "min-lines,    80,       false, true",
        "min-lines,    80.5,     false, false",
        "min-branches, 75,       false, true",
        "min-branches, 76,       false, false",
        "max-skipped,  500,      true,  true",
        "max-skipped,  3,        false, true",
        "max-skipped,  2,        false, false",
        "allow,        warnings, true,  true",
        "allow,        notes,    false, true",
        "allow,        nothing,  false, true",
        "format,       jacoco,   true,  true",
        "format,       lcov,     false, false"
    })
    void itHoldsIfAsMuchOrMoreWasDemanded(String what, String value, boolean little, boolean much) {
        GateAsked asked = asked(what, value);
        String[] formats = {"jacoco", "junit", "sarif"};
        assertThat(asked.lacking(passed(LITTLE.words(), formats)).isEmpty()).isEqualTo(little);
        assertThat(asked.lacking(passed(MUCH.words(), formats)).isEmpty()).isEqualTo(much);
        assertThat(asked.words()).containsExactly(what + ": " + value);
        if (!little) {
            assertThat(asked.lacking(passed(LITTLE.words(), formats))).contains(what + ": " + value);
        }
    }

    @Test
    void whatARecordDoesNotSayWasNotDemanded() {
        for (String[] each : new String[][] {
            {"min-lines", "1"}, {"min-branches", "1"}, {"max-skipped", "9"}, {"allow", "warnings"}, {"format", "junit"}
        }) {
            assertThat(asked(each[0], each[1]).lacking(passed(List.of(), "jacoco")))
                    .as(each[0])
                    .isPresent();
            assertThat(asked(each[0], each[1])
                            .lacking(passed(
                                    List.of("lines: much", "branches: ", "skipped: few", "findings let through: all"),
                                    "sarif")))
                    .as(each[0])
                    .isPresent();
        }
        assertThat(GateAsked.NOTHING.lacking(passed(List.of()))).isEmpty();
    }

    @Test
    void noFindingsWereHeldBackWhereNoReportHasAny() {
        assertThat(asked("allow", "notes").lacking(passed(MUCH.words(), "junit")))
                .contains("allow: notes");
    }
}
