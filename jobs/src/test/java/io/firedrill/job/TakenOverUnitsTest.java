package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** A unit that is handed out more than once, because nobody can tell who stands still from who is dead: one does it, and it counts once. */
class TakenOverUnitsTest extends RemoteUnitsRoom {
    @Test
    void aUnitWhoseWorkerDiedAfterItsStatusWasStoredIsNotDoneTwice() throws JobExecutionException {
        var run = run("died", () -> false);
        var done = new ArrayList<String>();
        UnitWork counted = (unit, progress) -> {
            done.add(unit);
            return work(unit, progress);
        };
        // The first report is lost with its worker; the broker gives the unit to another.
        var workers = new AnsweringWorkers(task -> {
            worker("dead/1").work(task, "one", counted);
            return List.of(worker("alive/2").work(task, "one", counted));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrderElementsOf(UNITS);
        assertThat(results).hasSize(7).containsEntry("unit-3", "did unit-3");
        assertThat(bytes).hasValue(70);
    }

    @Test
    void whatAWorkerHadBegunAnotherGoesOnWith() throws JobExecutionException {
        var run = run("begun", () -> false);
        var workers = new AnsweringWorkers(task -> {
            begun(task);
            return List.of(worker("heir/2").work(task, "one", RemoteUnitsRoom::work));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results.keySet()).containsExactlyElementsOf(UNITS);
    }

    @Test
    void whoWakesUpWhenAnotherHasDoneHisUnitChangesNothingInTheRepository() throws JobExecutionException {
        var woken = new ArrayList<Report>();
        var workers = new AnsweringWorkers(task -> {
            woken.add(worker("frozen/1").work(task, "one", (unit, progress) -> {
                StepExecution heirs = Objects.requireNonNull(repository.getStepExecution(task.execution()));
                heirs.setStatus(BatchStatus.COMPLETED);
                repository.update(heirs);
                return "late";
            }));
            // Whose report was lost, so that the broker gives the unit to a third.
            return List.of(worker("third/3").work(task, "one", RemoteUnitsRoom::work));
        });

        assertThat(execute(run("woken", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results.values()).hasSize(7).containsOnly("");
        assertThat(woken).hasSize(7).allSatisfy(report -> {
            var failure = Failure.in(report.failure().orElseThrow()).orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST);
            assertThat(failure.text()).contains("is not this worker's any more");
        });
    }

    @Test
    void whoWakesUpBeforeHeHasBegunTakesNothingFromTheOneWhoHas() throws JobExecutionException {
        var workers = new AnsweringWorkers(task ->
                List.of(worker("heir/2").work(task.delivered(2), "one", (unit, progress) -> {
                    Report late = worker("frozen/1").work(task, "one", RemoteUnitsRoom::work);
                    assertThat(kind(late)).isEqualTo(FailureKind.LOCK_LOST);
                    return work(unit, progress);
                })));

        assertThat(execute(run("late", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    @Test
    void aUnitOfAnAttemptThatIsOverIsLeft() throws JobExecutionException {
        var run = run("over", () -> false);
        var late = new ArrayList<Task>();
        var workers = new AnsweringWorkers(task -> {
            late.add(task);
            throw new Failure(FailureKind.SOURCE_CHANGED, "a collection was dropped", "Again.");
        });
        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);

        Report report = worker("host/1").work(late.getFirst(), "one", (unit, _) -> fail("worked on " + unit));
        assertThat(kind(report)).isEqualTo(FailureKind.LOCK_LOST);
    }

    /** The one who was handed it before stores that he begins when his heir has looked already, and has not begun yet. */
    @Test
    void whoIsOvertakenBetweenHisLookAndHisWordLooksAgain() throws JobExecutionException {
        var workers = new AnsweringWorkers(task -> {
            var heir = new UnitWorker(beforeTheFirstUpdate(() -> begun(task)), "heir/2");
            return List.of(heir.work(task.delivered(2), "one", RemoteUnitsRoom::work));
        });

        assertThat(execute(run("overtaken", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    /** The other way round: his heir stores that he begins. */
    @Test
    void whoLooksAgainAndFindsHisHeirAtItLeavesItToHim() throws JobExecutionException {
        var workers = new AnsweringWorkers(task -> {
            var late = new UnitWorker(beforeTheFirstUpdate(() -> begun(task.delivered(2))), "frozen/1");
            Report told = late.work(task, "one", (unit, _) -> fail("worked on " + unit));
            assertThat(kind(told)).isEqualTo(FailureKind.LOCK_LOST);
            return List.of(worker("heir/2").work(task.delivered(2), "one", RemoteUnitsRoom::work));
        });

        assertThat(execute(run("left", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    private JobRepository beforeTheFirstUpdate(Runnable first) {
        var left = new AtomicBoolean(true);
        return (JobRepository) Proxy.newProxyInstance(
                JobRepository.class.getClassLoader(), new Class<?>[] {JobRepository.class}, (_, method, arguments) -> {
                    if (method.getName().equals("update") && left.getAndSet(false)) {
                        first.run();
                    }
                    try {
                        return method.invoke(repository, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
