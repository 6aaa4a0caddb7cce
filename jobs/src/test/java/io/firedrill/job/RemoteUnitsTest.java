package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;

/** Units that workers do: what comes back, and what ends the step. */
class RemoteUnitsTest extends RemoteUnitsRoom {
    @Test
    void everyUnitIsDoneByAWorkerAndItsResultComesBack() throws JobExecutionException {
        var run = run("all", () -> false);
        UnitWorker[] two = {worker("host-a/1"), worker("host-b/2")};
        var turn = new AtomicLong();
        var workers = new AnsweringWorkers(
                task -> List.of(two[(int) (turn.getAndIncrement() % 2)].work(task, "one", RemoteUnitsRoom::work)));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(run.failure()).isNull();
        assertThat(results)
                .hasSize(7)
                .allSatisfy((unit, result) -> assertThat(result).isEqualTo("did " + unit));
        assertThat(bytes).hasValue(70);
        assertThat(noted(run)).hasValue("host-a/1 4, host-b/2 3");
    }

    @Test
    void whatIsHeardTwiceCountsOnce() throws JobExecutionException {
        var run = run("twice", () -> false);
        var workers = new AnsweringWorkers(task -> {
            Report report = worker("host/1").work(task, "one", RemoteUnitsRoom::work);
            return List.of(report, report);
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(bytes).hasValue(70);
        assertThat(noted(run)).hasValue("host/1 7");
    }

    @Test
    void theFirstUnitThatFailsEndsTheStepWithTheWorkersOwnFailure() throws JobExecutionException {
        var run = run("fails", () -> false);
        var full = new Failure(FailureKind.STORE_FULL, "the store is full", "Make room.");
        var workers = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", (unit, progress) -> {
            throw full;
        })));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).isSameAs(full);
        assertThat(workers.tasks).as("nobody is asked once it has failed").hasSize(6);
    }

    @Test
    void aRunWhoseUnitsWereLeftLyingIsStartedAgain() throws JobExecutionException {
        var workers = new AnsweringWorkers(task -> {
            begun(task);
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "the broker is gone", "Again.");
        });
        assertThat(execute(run("first", () -> false), workers)).isEqualTo(BatchStatus.FAILED);
        // One that never came to its step execution leaves it as it was sent.
        var refusing = new AnsweringWorkers(task -> List.of(Report.failed(
                task.execution(), "host/1", new Failure(FailureKind.CONFIGURATION_INVALID, "it differs", "Mend it."))));
        assertThat(execute(run("refused", () -> false), refusing)).isEqualTo(BatchStatus.FAILED);
        // A kill between two transactions of Spring Batch leaves partitions whose contexts are empty.
        int torn = new JdbcTemplate(batch.getBean(DataSource.class))
                .update("UPDATE BATCH_STEP_EXECUTION_CONTEXT SET SHORT_CONTEXT = (SELECT MIN(SHORT_CONTEXT)"
                        + " FROM BATCH_JOB_EXECUTION_CONTEXT)");
        assertThat(torn).isGreaterThanOrEqualTo(UNITS.size());
        var good = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", RemoteUnitsRoom::work)));
        assertThat(execute(run("second", () -> false), good)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    @Test
    void whatIsNoFailureOfOursIsNamedByItsClassAndNotByWhatItSays() throws JobExecutionException {
        var run = run("unexpected", () -> false);
        var workers = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", (unit, progress) -> {
            throw new IllegalArgumentException("mongodb://user:canary@host");
        })));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure())
                .hasMessageContaining("host/1")
                .hasMessageContaining("IllegalArgumentException")
                .hasMessageNotContaining("canary");
    }

    @Test
    void askedToStopTheManagerDoesNotWaitForItsWorkers() throws JobExecutionException {
        var stop = new AtomicBoolean();
        var run = run("stopped", stop::get);
        var workers = new AnsweringWorkers(task -> {
            stop.set(true);
            return List.of();
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(Failure.in(run.failure()).orElseThrow().kind()).isEqualTo(FailureKind.ABORTED);
    }

    @Test
    void aUnitThatTheWorkersRepositoryDoesNotKnowIsRefusedWithWhatToDo() {
        Report report = worker("host/1").work(new Task("dump", "unit-1", 4711), "one", RemoteUnitsRoom::work);

        var failure = Failure.in(report.failure().orElseThrow()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("4711");
    }

    @Test
    void whatAnotherRepositoryKnowsByThatNumberIsNotTheUnit() throws JobExecutionException {
        var run = run("stranger", () -> false);
        var refused = new ArrayList<Report>();
        var workers = new AnsweringWorkers(task -> {
            UnitWorker worker = worker("host/1");
            refused.add(worker.work(new Task("load", task.unit(), task.execution()), "one", RemoteUnitsRoom::work));
            refused.add(worker.work(new Task("dump", "another", task.execution()), "one", RemoteUnitsRoom::work));
            refused.add(worker.work(task, "another run", RemoteUnitsRoom::work));
            return List.of(worker.work(task, "one", RemoteUnitsRoom::work));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(refused)
                .hasSize(21)
                .allSatisfy(report -> assertThat(kind(report)).isEqualTo(FailureKind.CONFIGURATION_INVALID));
    }

    @Test
    void whatIsSaidToBeDoneAndIsNotInTheRepositoryIsNotBelieved() throws JobExecutionException {
        var run = run("liar", () -> false);
        var workers = new AnsweringWorkers(task -> List.of(Report.done(task.execution(), "host/1", "did it", 10)));
        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).hasMessageContaining("the job repository does not know");
        assertThat(results).isEmpty();
    }

    @Test
    void whoSaysThatItIsAtAUnitIsWaitedFor() throws JobExecutionException {
        var run = run("patient", () -> false);
        var asked = new AtomicLong();
        var workers = new AnsweringWorkers(task -> {
            List<Report> reports = new ArrayList<>();
            for (int minute = 0; minute < 40; minute++) {
                reports.add(Report.working(task.execution(), "host/1"));
            }
            asked.incrementAndGet();
            reports.add(worker("host/1").work(task, "one", RemoteUnitsRoom::work));
            return reports;
        });
        var clock = new AtomicLong();
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run)
                .through(workers, () -> clock.addAndGet(Duration.ofSeconds(59).toNanos()));
        var job = steps.job("patient")
                .start(steps.spread("dump", () -> UNITS, () -> 70L, RemoteUnitsRoom::work, results::put))
                .build();
        assertThat(batch.getBean(JobOperator.class).start(job, RUN).getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(asked).hasValue(UNITS.size());
        assertThat(bytes).hasValue(70);
    }

    @Test
    void nothingHeardIsToldAfterAMinuteAndEndsTheRunAfterAQuarterOfAnHour() throws JobExecutionException {
        var run = run("silent", () -> false);
        var clock = new AtomicLong();
        var silent = new AnsweringWorkers(_ -> List.of());
        var handler = new RemoteUnits(
                "dump",
                repository,
                run,
                silent,
                () -> clock.addAndGet(Duration.ofSeconds(20).toNanos()),
                StepExecution::getStepName,
                results::put);
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run);
        var job = steps.job("silent")
                .start(new StepBuilder("dump", repository)
                        .partitioner("dump-unit", _ -> Map.of("one", new ExecutionContext()))
                        .partitionHandler(handler)
                        .build())
                .build();

        assertThat(batch.getBean(JobOperator.class).start(job, RUN).getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(said).containsExactly("no worker has ended a unit of 'dump' for a minute; 1 wait");
        var failure = Failure.in(run.failure()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("1 units of step 'dump'");
    }
}
