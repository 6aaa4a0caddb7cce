package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What is signed is what docs/schema publishes. */
class SchemaTest {
    @Test
    void everySampleOfARunKeepsToTheSchema() {
        List<Function<Samples, RunRecord>> all = List.of(
                Samples::passedDrill,
                Samples::lateDrill,
                Samples::failedRestore,
                Samples::abortedBackup,
                Samples::sealedBackup,
                Samples::hugeDrill);
        all.forEach(run ->
                RecordSchema.RECOVERY_RUN.check(run.apply(new Samples()).entry().payload()));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfRunKeepsToTheSchemaHoweverLittleItKnew(RunKind kind) {
        var samples = new Samples();
        RunLog run = RunLog.begin(samples.store, samples.time.clocks(), Samples.start(kind, Objectives.NONE));
        var failure = new Failure(FailureKind.LOCK_HELD, "held", "Wait.");
        RecordSchema.RECOVERY_RUN.check(
                run.finish(samples.writer, failure, 20).entry().payload());
    }

    @Test
    void aRunWithAPointAndAScopeKeepsToTheSchema() {
        var samples = new Samples();
        RunLog run =
                RunLog.begin(samples.store, samples.time.clocks(), Samples.start(RunKind.DRILL, Samples.OBJECTIVES));
        run.source(Samples.source());
        run.target(Samples.target(), true);
        run.scope(new Scope(true, Map.of("shop", "copy")));
        run.point(new RecoveryPoint(
                "latest",
                "",
                "7,1",
                "7,1",
                Instant.EPOCH,
                Instant.EPOCH,
                1,
                3,
                RecoveryPoint.SEAL,
                Optional.of(Instant.EPOCH)));
        run.disposal("dropped", "all");
        RecordSchema.RECOVERY_RUN.check(
                run.finish(samples.writer, null, 0).entry().payload());
    }

    @Test
    void theOthersKeepToTheirs() {
        var ledger = new SampleLedger(1);
        RecordSchema.APPROVAL.check(
                ledger.approve(1, "grace", SampleLedger.APPROVER).payload());
        RecordSchema.CHECKPOINT.check(
                ledger.ledger.checkpoint(2).orElseThrow().envelope().payload());
        RecordSchema.KEY_CHANGE.check(ledger.writer(SampleLedger.KEY)
                .changeKey(SigningKey.make().publicKey(), "ada")
                .entry()
                .payload());
    }

    /** The schema would notice. */
    @ParameterizedTest
    @ValueSource(strings = {"/identity/prev", "/run/kind", "/result/outcome", "/when/startedAt", "/scope/documents"})
    void aFieldThatIsNotWhatItShouldBeIsNoticed(String pointer) {
        ObjectNode statement = (ObjectNode) new Samples().passedDrill().entry().statement();
        int slash = pointer.lastIndexOf('/');
        statement.withObject("/predicate" + pointer.substring(0, slash)).put(pointer.substring(slash + 1), "other");
        assertThatThrownBy(() -> RecordSchema.RECOVERY_RUN.check(Json.compact(statement)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(pointer);
    }
}
