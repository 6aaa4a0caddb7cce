package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.RecordSchema;
import io.firedrill.testing.RecordedRuns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of gates in a ledger: written, read back, and verified. */
class GateResultTest {
    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

    @Test
    void aResultIsReadBackAsItWasWrittenAndFollowsItsSchema(@TempDir Path directory) {
        var runs = new RecordedRuns(directory, START);
        LedgerEntry passed = runs.gate("tests");
        LedgerEntry failed = runs.gate("coverage", "r: line coverage is 79.9 %, and 80 % is asked for");
        for (LedgerEntry entry : new LedgerEntry[] {passed, failed}) {
            RecordSchema.GATE.check(entry.payload());
            assertThat(entry.kind()).isEqualTo(EntryKind.GATE);
            assertThat(entry.operator()).isEqualTo(RecordedRuns.OPERATOR);
            assertThat(entry.statement().at("/subject/0/name").asString("")).isEqualTo("report.xml");
            assertThat(entry.statement().at("/subject/0/digest/sha256").asString(""))
                    .isEqualTo("ab".repeat(32));
        }
        GateResult said = GateResult.of(failed);
        assertThat(said.outcome()).isEqualTo("FAILED");
        assertThat(said.reports().getFirst().figures()).containsEntry("tests", 1L);
        assertThat(said.predicate("t")).isEqualTo(GateResult.of(failed).predicate("t"));
        assertThat(GateResult.of(passed).passed()).isTrue();
        assertThat(GateResult.of(passed).measuredAt()).isEqualTo(START);
    }

    @Test
    void aLedgerMayBeginWithAGateAndIsSignedWithThatKeyFromThenOn(@TempDir Path directory) {
        var runs = new RecordedRuns(directory, START);
        runs.gate("tests");
        assertThat(runs.ledger().keyInForce()).isEqualTo(Optional.of(runs.key().id()));
        runs.passed(RunKind.PRUNE);
        LedgerVerdict verdict = new LedgerVerification(runs.ledger()).verify();
        assertThat(verdict.isSound()).as(verdict.areas().toString()).isTrue();
        assertThat(verdict.size()).isEqualTo(2);
    }
}
