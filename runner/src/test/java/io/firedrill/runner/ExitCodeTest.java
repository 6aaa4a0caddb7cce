package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
    @Test
    void theCodesAreThoseThatSchedulersAndScriptsRelyOn() {
        assertThat(ExitCode.values())
                .extracting(ExitCode::code)
                .containsExactly(
                        0, 1, 2, 10, 11, 12, 13, 14, 15, 20, 21, 30, 40, 41, 42, 43, 50, 60, 61, 62, 63, 70, 71, 72, 73,
                        80, 130, 143);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIGURATION_INVALID, 2",
        "SOURCE_UNSUITABLE, 2",
        "SOURCE_CHANGED, 40",
        "FORMAT_TOO_NEW, 2",
        "OBJECTIVE_MISSED, 10",
        "VERIFICATION_FAILED, 11",
        "BACKUP_DAMAGED, 12",
        "OPLOG_GAP, 14",
        "LOCK_HELD, 20",
        "LOCK_LOST, 21",
        "TARGET_REFUSED, 30",
        "DEPENDENCY_UNAVAILABLE, 40",
        "STORE_FULL, 40",
        "ACCESS_DENIED, 41",
        "STAGING_LEFT_BEHIND, 42",
        "KEY_MISSING, 43",
        "KEY_WRONG, 43",
        "EVIDENCE_NOT_STORED, 50",
        "MIGRATIONS_PENDING, 60",
        "MIGRATIONS_DRIFTED, 61",
        "MIGRATION_REFUTED, 62",
        "MIGRATION_FAILED, 63",
        "RUNS_MISSED, 15",
        "STATUS_ATTENTION, 70",
        "STATUS_FAILING, 71",
        "NOT_READY, 72",
        "MANIFESTS_FAULTY, 80",
        "ABORTED, 143"
    })
    void everyKindOfFailureHasItsCode(FailureKind kind, int code) {
        assertThat(ExitCode.of(kind).code()).isEqualTo(code);
    }

    @Test
    void aLabelReadsAsAPersonSaysIt() {
        assertThat(ExitCode.BACKUP_DAMAGED.label()).isEqualTo("backup damaged");
        assertThat(ExitCode.SIGTERM.label()).isEqualTo("SIGTERM");
    }

    @Test
    void theDocumentListsExactlyTheCodes() throws IOException {
        List<String> rows = Arrays.stream(ExitCode.values())
                .map(code -> "| %d | %s | %s |".formatted(code.code(), code.label(), code.meaning()))
                .toList();
        assertThat(Documents.table("EXIT_CODES.md")).isEqualTo(rows);
    }

    @Test
    void theHelpListsExactlyTheCodes(@TempDir Path directory) {
        var call = new Call(directory);
        assertThat(call.run("--help")).isZero();
        String listed = call.out().substring(call.out().indexOf("Exit codes:"));
        assertThat(listed.lines().skip(1).map(String::strip))
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> code.code() + "  " + code.meaning())
                        .toList());
    }

    @Test
    void theReadmeIfThereIsOneKnowsEveryCode() throws IOException {
        Path readme = Documents.ROOT.resolve("README.md");
        if (Files.exists(readme) && Files.readString(readme).contains("xit codes")) {
            assertThat(Files.readString(readme))
                    .contains(Arrays.stream(ExitCode.values())
                            .map(code -> String.valueOf(code.code()))
                            .toList());
        }
    }
}
