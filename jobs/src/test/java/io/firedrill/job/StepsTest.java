package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunStart;
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
import java.util.function.Consumer;
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

        JobExecution execution = execute(done::add);

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrderElementsOf(UNITS);
        assertThat(execution.getStepExecutions())
                .extracting(StepExecution::getStepName)
                .containsExactlyInAnyOrder("dump", "dump-unit:lane-1", "dump-unit:lane-2");
    }

    @Test
    void afterOneThatFailsNoOtherIsBegunAndTheStepHasFailed() throws JobExecutionException {
        Queue<String> begun = new ConcurrentLinkedQueue<>();

        JobExecution execution = execute(unit -> {
            begun.add(unit);
            throw new IllegalStateException("cut off");
        });

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(begun).as("one in each lane at most").hasSizeLessThanOrEqualTo(2);
    }

    /** As a kill between two of its transactions leaves them. */
    @Test
    void aRestartGoesOverAllUnitsWhateverTheContextsHold() throws JobExecutionException {
        execute(unit -> {
            if (unit.equals(UNITS.getLast())) {
                throw new IllegalStateException("cut off");
            }
        });
        int torn = new JdbcTemplate(batch.getBean(DataSource.class))
                .update("UPDATE BATCH_STEP_EXECUTION_CONTEXT SET SHORT_CONTEXT = (SELECT MIN(SHORT_CONTEXT)"
                        + " FROM BATCH_JOB_EXECUTION_CONTEXT)");
        assertThat(torn).isEqualTo(3);
        NavigableSet<String> done = new ConcurrentSkipListSet<>();

        assertThat(execute(done::add).getStatus()).isEqualTo(BatchStatus.COMPLETED);

        assertThat(done).containsExactlyElementsOf(UNITS);
    }

    @Test
    void aStepThatSaysItIsCompleteAndLeftAUnitHasFailed() throws JobExecutionException {
        StepExecution whole = execute(_ -> {}).getStepExecutions().iterator().next();
        var step = new TimedStep(new Complete(), run(), () -> 0L, List.of("000007"));

        assertThatThrownBy(() -> step.execute(whole)).hasMessage("step 'dump' left 1 units undone");
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

    private JobExecution execute(Consumer<String> work) throws JobExecutionException {
        var steps = new Steps(batch.getBean(JobRepository.class), new SimpleAsyncTaskExecutor(), run());
        var job = steps.job("units")
                .start(steps.each("dump", () -> UNITS, () -> 0L, work))
                .build();
        return batch.getBean(JobOperator.class).start(job, RUN);
    }

    private StepRun run() {
        var start = new RunStart(
                "attempt-" + ++attempts, RunKind.BACKUP, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        return new StepRun(RunLog.begin(store, Clocks.system(), start), Progress.NONE, 2, () -> {}, () -> false);
    }
}
