package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a kill between two transactions of Spring Batch leaves in its repository. */
class TornRepositoryTest {
    private static final List<String> UNITS = List.of("000001", "000002", "000003");
    private static final JobParameters RUN =
            new JobParametersBuilder().addString("run", "one").toJobParameters();

    @TempDir
    Path directory;

    @Test
    void aPartitionWithoutItsContextIsStillKnownByItsName() throws JobExecutionException {
        try (var batch = new AnnotationConfigApplicationContext(BatchForTests.class);
                ObjectStore store = ObjectStores.directory(directory)) {
            assertThat(execute(batch, store, "cut", unit -> {
                        throw new IllegalStateException("cut off");
                    }))
                    .isEqualTo(BatchStatus.FAILED);
            int torn = new JdbcTemplate(batch.getBean(DataSource.class))
                    .update("UPDATE BATCH_STEP_EXECUTION_CONTEXT SET SHORT_CONTEXT = (SELECT MIN(SHORT_CONTEXT)"
                            + " FROM BATCH_JOB_EXECUTION_CONTEXT)");
            assertThat(torn).isGreaterThanOrEqualTo(UNITS.size());

            NavigableSet<String> done = new ConcurrentSkipListSet<>();
            assertThat(execute(batch, store, "restart", done::add)).isEqualTo(BatchStatus.COMPLETED);
            assertThat(done).containsExactlyElementsOf(UNITS);
        }
    }

    private static BatchStatus execute(
            AnnotationConfigApplicationContext batch, ObjectStore store, String runId, Consumer<String> work)
            throws JobExecutionException {
        var start = new RunStart(runId, RunKind.BACKUP, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        var run = new StepRun(RunLog.begin(store, Clocks.system(), start), Progress.NONE, 2, () -> {}, () -> false);
        var steps = new Steps(batch.getBean(JobRepository.class), new SimpleAsyncTaskExecutor(), run);
        var job = steps.job("torn")
                .start(steps.each("dump", () -> UNITS, () -> 0L, work))
                .build();
        return batch.getBean(JobOperator.class).start(job, RUN).getStatus();
    }
}
