package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.job.StepRun;
import io.firedrill.job.Steps;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Spring Batch with its JDBC job repository, for one job. */
final class BatchHost implements AutoCloseable {
    private static final int RECOVERIES_MAX = 30;
    private static final long RECOVERY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final JobDatabase database;
    private final ThreadPoolTaskExecutor lanes = new ThreadPoolTaskExecutor();

    BatchHost(Settings settings, String lease) {
        database = JobDatabase.open(settings, lease);
        lanes.setCorePoolSize(settings.lanes());
        lanes.setThreadNamePrefix("lane-");
        lanes.initialize();
    }

    /** Starting takes its time, and a restore's clock is running: it is a phase. */
    static BatchHost started(StepRun run, Settings settings, String lease) {
        return run.log().timeline().measure("start", true, () -> new BatchHost(settings, lease));
    }

    /** Runs a job to its end; a run that died is taken up again. Only the holder of the lease may call this. */
    void run(Function<Steps, Job> make, StepRun run, String instance) {
        JobRepository repository = repository();
        Job job = make.apply(steps(run));
        JobParameters parameters =
                new JobParametersBuilder().addString("run", instance).toJobParameters();
        JobExecution execution;
        try {
            execution = start(job, parameters, repository);
        } catch (JobExecutionException thrown) {
            throw new IllegalStateException("the job could not be started", thrown);
        }
        Throwable failure = run.failure();
        if (failure != null) {
            throw asUnchecked(failure);
        }
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw asUnchecked(firstOf(execution));
        }
    }

    Steps steps(StepRun run) {
        return new Steps(repository(), lanes, run);
    }

    JobRepository repository() {
        return database.repository();
    }

    private JobExecution start(Job job, JobParameters parameters, JobRepository repository)
            throws JobExecutionException {
        JobOperator operator = operator(job, repository);
        @Nullable JobExecution last = repository.getLastJobExecution(job.getName(), parameters);
        if (last != null && last.isRunning()) {
            // The lease says that its owner is dead; Batch itself cannot tell.
            last = recovered(operator, repository, last);
        }
        if (last != null && last.getStatus() == BatchStatus.COMPLETED) {
            // Its process died between the last step and the record: the record is all that is left to do.
            return last;
        }
        return last == null ? operator.start(job, parameters) : operator.restart(last);
    }

    /** A worker that has not yet seen that the lease is lost may store the status of its unit meanwhile. */
    private static JobExecution recovered(JobOperator operator, JobRepository repository, JobExecution last) {
        for (int attempt = 1; ; attempt++) {
            try {
                return operator.recover(Objects.requireNonNull(repository.getJobExecution(last.getId())));
            } catch (OptimisticLockingFailureException thrown) {
                if (attempt == RECOVERIES_MAX) {
                    throw thrown;
                }
                LockSupport.parkNanos(RECOVERY_PAUSE_NANOS);
            }
        }
    }

    /** Boot's own operator finds jobs among the beans; ours is made for the one run. */
    private static JobOperator operator(Job job, JobRepository repository) throws JobExecutionException {
        var registry = new MapJobRegistry();
        registry.register(job);
        var operator = new TaskExecutorJobOperator();
        operator.setJobRepository(repository);
        operator.setJobRegistry(registry);
        try {
            operator.afterPropertiesSet();
        } catch (Exception thrown) {
            throw new IllegalStateException("Spring Batch's operator does not start", thrown);
        }
        return operator;
    }

    private static Throwable firstOf(JobExecution execution) {
        return execution.getAllFailureExceptions().stream()
                .findFirst()
                .orElseGet(() -> new IllegalStateException("the job ended as " + execution.getStatus()));
    }

    private static RuntimeException asUnchecked(Throwable thrown) {
        return Failure.orElse(thrown, () -> new IllegalStateException("a step failed: " + thrown, thrown));
    }

    @Override
    public void close() {
        lanes.shutdown();
        database.close();
    }
}
