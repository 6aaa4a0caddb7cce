package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Findings;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorCommandTest {
    @TempDir
    Path directory;

    private Call call = new Call(Path.of("."));

    @BeforeEach
    void call() {
        call = new Call(directory);
    }

    private void found(FailureKind... kinds) {
        var findings = new Findings("source");
        for (FailureKind kind : kinds) {
            findings.fail(Check.REACHABLE, kind, "seen " + kind, "Mend " + kind + ".");
        }
        findings.warn(Check.EXCESS, FailureKind.ACCESS_DENIED, "too much", "Take it away.");
        findings.skip(Check.OPLOG, "nobody could look");
        call.operations.findings = findings.all();
    }

    @ParameterizedTest
    @CsvSource({
        "DEPENDENCY_UNAVAILABLE, DEPENDENCY_UNAVAILABLE, 40",
        "DEPENDENCY_UNAVAILABLE, TARGET_REFUSED, 30",
        "TARGET_REFUSED, ACCESS_DENIED, 41",
        "ACCESS_DENIED, KEY_WRONG, 43",
        "KEY_MISSING, SOURCE_UNSUITABLE, 2",
        "STORE_FULL, LOCK_HELD, 20"
    })
    void theWorstCheckDecidesTheCodeAndARetryIsTheLastResort(FailureKind one, FailureKind other, int code) {
        found(one, other);
        assertThat(call.run("doctor")).isEqualTo(code);
        assertThat(call.err()).contains("2 checks came out badly: source reachable, source reachable");
        found(other, one);
        assertThat(call.run("doctor")).isEqualTo(code);
    }

    @Test
    void aWarningAloneEndsAStrictLookOnly() {
        found();
        assertThat(call.run("doctor")).isZero();
        assertThat(call.out())
                .startsWith("WARN  0 failed, 1 to look at, 2 fine, 1 not looked at")
                .contains("source excess", "too much", "Take it away.", "docs/OPERATIONS.md#doctor-excess")
                .contains("SKIPPED source oplog", "nobody could look");
        assertThat(call.run("doctor", "--strict")).isEqualTo(41);
        assertThat(call.err()).contains("hint: Take it away.");
    }

    @Test
    void whatNobodyCouldLookAtEndsAStrictLookToo() {
        var findings = new Findings("source");
        findings.ok(Check.REACHABLE, "fine");
        findings.skip(Check.LIFECYCLE, FailureKind.ACCESS_DENIED, "not allowed to look");
        call.operations.findings = findings.all();
        assertThat(call.run("doctor")).isZero();
        assertThat(call.run("doctor", "--strict")).isEqualTo(41);
        assertThat(call.err())
                .contains("1 check came out badly: source lifecycle")
                .contains("hint: What is not looked at is not proven");
    }

    @Test
    void whatIsPossibleIsAskedForWhereNobodySays() {
        found();
        call.run("doctor");
        assertThat(call.operations.requests)
                .hasToString("[DoctorRequest[purposes=[BACKUP, ARCHIVE, DRILL, PRUNE], database=null]]");
        call.operations.requests.clear();
        call.run("doctor", "--for", "restore,migrations", "--database", "shop");
        assertThat(call.operations.requests)
                .hasToString("[DoctorRequest[purposes=[RESTORE, MIGRATIONS], database=shop]]");
    }

    @Test
    void whatMakesNoSenseIsAUsageError() {
        for (String[] wrong : List.of(
                new String[] {"doctor", "--for", "lunch"},
                new String[] {"doctor", "--for", "migrations"},
                new String[] {"doctor", "--for", "backup", "--database", "a b"})) {
            assertThat(call.run(wrong)).isEqualTo(2);
        }
        assertThat(call.operations.requests).isEmpty();
        assertThat(call.without("FIREDRILL_SOURCE_URI").run("doctor", "--for", "backup"))
                .isEqualTo(2);
        assertThat(call.out()).contains("FAIL    firedrill settings", "source-uri is not set");
    }
}
