package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.doctor.Check;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever reads the name of a failure in a record finds what it means and what to do. */
class OperationsDocumentTest {
    private static List<String> lines() throws IOException {
        return Files.readAllLines(Documents.ROOT.resolve("docs/OPERATIONS.md"));
    }

    @Test
    void everyKindOfFailureHasItsHeadingWithItsExitCode() throws IOException {
        List<String> headings = lines().stream()
                .filter(line -> line.matches("### [A-Z_]+ — exit code \\d+.*"))
                .map(line -> line.replaceFirst(" \\(.*", ""))
                .toList();
        assertThat(headings)
                .containsExactlyElementsOf(Arrays.stream(FailureKind.values())
                        .map(kind -> "### %s — exit code %d"
                                .formatted(kind, ExitCode.of(kind).code()))
                        .toList());
    }

    @Test
    void everyCheckOfTheDoctorHasItsHeading() throws IOException {
        assertThat(lines().stream().filter(line -> line.startsWith("### doctor: ")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Check.values())
                        .map(check -> "### doctor: " + check.id())
                        .toList());
    }

    @Test
    void noHeadingStandsAlone() throws IOException {
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("### ")) {
                assertThat(lines.get(i + 2))
                        .as("below %s", lines.get(i))
                        .isNotBlank()
                        .doesNotStartWith("#");
            }
        }
    }
}
