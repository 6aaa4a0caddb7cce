package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunStart;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepRunTest {
    private final Failure damaged = new Failure(FailureKind.BACKUP_DAMAGED, "written before", "Look.");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private StepRun run(Runnable lease) {
        var start = new RunStart("r", RunKind.BACKUP, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        RunLog log = RunLog.begin(ObjectStores.directory(directory), Clocks.system(), start);
        return new StepRun(log, Progress.NONE, 1, lease, () -> false);
    }

    @Test
    void whatARunMeetsAfterItsLeaseWasLostIsNotItsFault() {
        var lost = new Failure(FailureKind.LOCK_LOST, "lost", "Wait.");
        StepRun run = run(() -> {
            throw lost;
        });
        run.failed(damaged);
        assertThat(run.failure()).isSameAs(lost).hasSuppressedException(damaged);
    }

    @Test
    void aLostLeaseIsItsOwnCause() {
        var lost = new Failure(FailureKind.LOCK_LOST, "lost", "Wait.");
        StepRun run = run(() -> {
            throw lost;
        });
        run.failed(lost);
        assertThat(run.failure()).isSameAs(lost).hasNoSuppressedExceptions();
    }

    @Test
    void whatFailsUnderAHeldLeaseIsTheCauseAndTheFirstOneCounts() {
        StepRun run = run(() -> {});
        run.failed(damaged);
        run.failed(new IllegalStateException("later"));
        assertThat(run.failure()).isSameAs(damaged);
    }

    @Test
    void aStoreThatDoesNotAnswerHidesNoCause() {
        StepRun run = run(() -> {
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "no answer", "Wait.");
        });
        run.failed(damaged);
        assertThat(run.failure()).isSameAs(damaged);
    }
}
