package io.firedrill.job;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.dao.EmptyResultDataAccessException;

/**
 * The worker's half of remote partitioning: runs the step execution of one unit. What came of it is stored with its status, so
 * that a unit whose worker died before it could tell is not done twice.
 */
public final class UnitWorker {
    private static final String RESULT = "result";
    private static final String BYTES = "bytes";

    private final JobRepository repository;
    private final String name;

    /**
     * @param repository shared with the manager
     * @param name host and process of this worker
     */
    public UnitWorker(JobRepository repository, String name) {
        this.repository = repository;
        this.name = name;
    }

    /** Does it, and never throws: what went wrong is what it reports. */
    public Report work(Task task, UnitWork work) {
        try {
            StepExecution execution = find(task);
            if (execution.getStatus() != BatchStatus.COMPLETED) {
                step(task, work).execute(execution);
            }
            return report(task, execution);
        } catch (JobInterruptedException | RuntimeException thrown) {
            return failed(task, thrown);
        }
    }

    private StepExecution find(Task task) {
        try {
            @Nullable StepExecution found = repository.getStepExecution(task.execution());
            if (found != null) {
                return found;
            }
        } catch (EmptyResultDataAccessException _) {
            // The JDBC repository says so, others return null.
        }
        throw unknown(task);
    }

    private Step step(Task task, UnitWork work) {
        return new StepBuilder(task.step() + "-unit", repository)
                .allowStartIfComplete(true)
                .tasklet((contribution, chunk) -> {
                    ExecutionContext context = contribution.getStepExecution().getExecutionContext();
                    var bytes = new LongAdder();
                    context.putString(RESULT, work.work(task.unit(), bytes::add));
                    context.putLong(BYTES, bytes.sum());
                    return RepeatStatus.FINISHED;
                })
                .build();
    }

    private Report report(Task task, StepExecution execution) {
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            return failed(
                    task,
                    execution.getFailureExceptions().stream()
                            .findFirst()
                            .orElseGet(() -> new IllegalStateException("it ended as " + execution.getStatus())));
        }
        ExecutionContext context = execution.getExecutionContext();
        return new Report(
                task.execution(), name, context.getString(RESULT, ""), context.getLong(BYTES, 0), Optional.empty());
    }

    /** What is no failure of ours keeps its class only: nobody knows what its text holds. */
    private Report failed(Task task, Throwable thrown) {
        RuntimeException failure = Failure.in(thrown)
                .<RuntimeException>map(known -> known)
                .orElseGet(() -> new IllegalStateException(
                        "worker %s: unit %s of step '%s' ended with %s"
                                .formatted(
                                        name,
                                        task.unit(),
                                        task.step(),
                                        thrown.getClass().getName()),
                        thrown));
        return new Report(task.execution(), name, "", 0, Optional.of(failure));
    }

    private static Failure unknown(Task task) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the job repository of this worker has no step execution %d".formatted(task.execution()),
                "Give the workers the job repository of the run that sends them units.");
    }
}
