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
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.BatchForTests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;

/** What becomes of the units of a step, whatever happens and whatever Spring Batch's repository holds. */
class StepsTest {
    private static final List<String> UNITS =
            IntStream.rangeClosed(1, 50).mapToObj("%06d"::formatted).toList();
    private static final JobParameters RUN =
            new JobParametersBuilder().addString("run", "one").toJobParameters();

    @TempDir
    Path directory;

    private AnnotationConfigApplicationContext batch;
    private ObjectStore store;
    private int attempts;

    @BeforeEach
    void open() {
        batch = new AnnotationConfigApplicationContext(BatchForTests.class);
        store = ObjectStores.directory(directory);
    }

    @AfterEach
    void close() {
        store.close();
        batch.close();
    }

    @Test
    void eachUnitIsWorkedOnOnceByLanesOfWhichBatchKnowsNoMoreThanThereAre() throws JobExecutionException {
        Queue<String> done = new ConcurrentLinkedQueue<>();

        JobExecution execution = execute(run(2), done::add);

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrderElementsOf(UNITS);
        assertThat(execution.getStepExecutions())
                .extracting(StepExecution::getStepName)
                .containsExactlyInAnyOrder("dump", "dump-unit:lane-1", "dump-unit:lane-2");
    }

    @Test
    void afterOneThatFailsNoOtherIsBegunAndTheStepHasFailed() throws JobExecutionException {
        Queue<String> begun = new ConcurrentLinkedQueue<>();
        var failed = new CountDownLatch(1);
        StepRun run = run(2);

        JobExecution execution = execute(run, unit -> {
            begun.add(unit);
            if (unit.equals(UNITS.getFirst())) {
                failed.countDown();
                throw new IllegalStateException("cut off");
            }
            await(failed);
            await(() -> run.failure() != null);
        });

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).hasMessage("cut off");
        assertThat(begun)
                .as("what the other lane was at")
                .contains(UNITS.getFirst())
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aRestartGoesOverAllUnitsByAsManyLanesAsThereAreNow() throws JobExecutionException {
        execute(run(1), unit -> {
            if (unit.equals(UNITS.getLast())) {
                throw new IllegalStateException("cut off");
            }
        });
        NavigableSet<String> done = new ConcurrentSkipListSet<>();

        JobExecution restarted = execute(run(3), done::add);

        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done).containsExactlyElementsOf(UNITS);
        assertThat(restarted.getStepExecutions())
                .extracting(StepExecution::getStepName)
                .contains("dump-unit:lane-3");
    }

    /** As a kill between two transactions of Spring Batch leaves them: every lane is complete, the step and the job are not. */
    @Test
    void aRestartGoesOverAllUnitsThoughEveryLaneSaysThatItIsComplete() throws JobExecutionException {
        JobExecution first = execute(run(2), _ -> {});
        var rows = new JdbcTemplate(batch.getBean(DataSource.class));
        rows.update("UPDATE BATCH_STEP_EXECUTION SET STATUS = 'FAILED' WHERE STEP_NAME = 'dump'");
        rows.update("UPDATE BATCH_JOB_EXECUTION SET STATUS = 'FAILED'");
        assertThat(first.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        NavigableSet<String> done = new ConcurrentSkipListSet<>();

        assertThat(execute(run(2), done::add).getStatus()).isEqualTo(BatchStatus.COMPLETED);

        assertThat(done).containsExactlyElementsOf(UNITS);
    }

    @Test
    void whatGoesWrongInMakingTheUnitsIsWhatTheRunSays() throws JobExecutionException {
        StepRun run = run(2);

        JobExecution execution = execute(run, _ -> {}, () -> {
            throw new Failure(FailureKind.BACKUP_DAMAGED, "the plan is cut off", "Restore another backup.");
        });

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).hasMessageContaining("the plan is cut off");
    }

    @Test
    void aRepositoryThatIsGoneInTheMiddleIsWhatTheRunSays() throws JobExecutionException {
        StepRun run = run(1);
        var rows = new JdbcTemplate(batch.getBean(DataSource.class));

        JobExecution execution = execute(run, unit -> {
            if (unit.equals(UNITS.getLast())) {
                rows.execute("DROP TABLE BATCH_STEP_EXECUTION_CONTEXT");
            }
        });

        assertThat(execution.getStatus()).isNotEqualTo(BatchStatus.COMPLETED);
        assertThat(run.failure()).hasStackTraceContaining("BATCH_STEP_EXECUTION_CONTEXT");
    }

    @Test
    void aStepThatSaysItIsCompleteAndLeftAUnitFailsItsJob() throws JobExecutionException {
        var job = steps(run(2))
                .job("units")
                .start(new TimedStep(new Complete(), run(2), () -> 0L, List.of("000007")))
                .build();

        JobExecution execution = batch.getBean(JobOperator.class).start(job, RUN);

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(execution.getAllFailureExceptions())
                .extracting(Throwable::getMessage)
                .containsExactly("step 'dump' left 1 units undone");
    }

    /** Does nothing, and says that it is done. */
    private static final class Complete implements Step {
        @Override
        public String getName() {
            return "dump";
        }

        @Override
        public void execute(StepExecution execution) {
            execution.setStatus(BatchStatus.COMPLETED);
        }
    }

    private JobExecution execute(StepRun run, Consumer<String> work) throws JobExecutionException {
        return execute(run, work, () -> UNITS);
    }

    private JobExecution execute(StepRun run, Consumer<String> work, Supplier<List<String>> units)
            throws JobExecutionException {
        Steps steps = steps(run);
        var job = steps.job("units")
                .start(steps.each("dump", units, () -> 0L, work))
                .build();
        return batch.getBean(JobOperator.class).start(job, RUN);
    }

    private Steps steps(StepRun run) {
        return new Steps(batch.getBean(JobRepository.class), new SimpleAsyncTaskExecutor(), run);
    }

    private StepRun run(int lanes) {
        var start = new RunStart(
                "attempt-" + ++attempts, RunKind.BACKUP, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        return new StepRun(RunLog.begin(store, Clocks.system(), start), Progress.NONE, lanes, () -> {}, () -> false);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private static void await(BooleanSupplier what) {
        while (!what.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
