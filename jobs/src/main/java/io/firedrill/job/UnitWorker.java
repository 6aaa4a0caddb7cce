package io.firedrill.job;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.TransactionException;

/**
 * The worker's half of remote partitioning: runs the step execution of one unit. What came of it is stored with its status, so
 * that a unit whose worker died before it could tell is not done twice.
 */
public final class UnitWorker {
    private static final String RESULT = "result";
    private static final String BYTES = "bytes";
    private static final int CLAIMS_MAX = 5;

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

    /** Host and process. */
    public String name() {
        return name;
    }

    /**
     * Does it, and never throws: what went wrong is what it reports.
     *
     * @param instance of the job that the unit is of, as the job's parameter {@code run} has it
     */
    public Report work(Task task, String instance, UnitWork work) {
        try {
            return report(task, execute(task, instance, work));
        } catch (JobInterruptedException | RuntimeException thrown) {
            return failed(task, thrown);
        }
    }

    /** Somebody who was handed it before may store that he begins between our look and our word: then we look again. */
    private StepExecution execute(Task task, String instance, UnitWork work) throws JobInterruptedException {
        for (int attempt = 1; ; attempt++) {
            StepExecution execution = find(task, instance);
            if (execution.getStatus() == BatchStatus.COMPLETED) {
                return execution;
            }
            claim(execution, task);
            try {
                step(task, work).execute(execution);
                return execution;
            } catch (OptimisticLockingFailureException thrown) {
                // A step throws it before it has begun; what it meets later is its failure.
                if (attempt == CLAIMS_MAX) {
                    throw thrown;
                }
            }
        }
    }

    /** Its number alone says little: in another repository it is somebody else's. */
    private StepExecution find(Task task, String instance) {
        @Nullable StepExecution found = null;
        try {
            found = repository.getStepExecution(task.execution());
        } catch (EmptyResultDataAccessException _) {
            // The JDBC repository says so, others return null.
        }
        if (found == null || !isOf(found, task, instance)) {
            throw unknown(task);
        }
        boolean isOpen = found.getStatus().isRunning() || found.getStatus() == BatchStatus.COMPLETED;
        if (!isOpen || !found.getJobExecution().isRunning()) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "the attempt that unit %s of step '%s' belongs to is over".formatted(task.unit(), task.step()),
                    "The run has begun anew, and sends its units again.");
        }
        return found;
    }

    private static boolean isOf(StepExecution found, Task task, String instance) {
        return found.getStepName().equals(Steps.partition(task.step(), task.unit()))
                && instance.equals(found.getJobExecution().getJobParameters().getString("run"));
    }

    /**
     * Who stood still with a unit that he had not begun yet may wake up when it was handed to another, and that one is at it. The
     * count is stored as the step begins, if nobody has stored it meanwhile.
     */
    private static void claim(StepExecution execution, Task task) {
        if (execution.getReadCount() > task.delivery()) {
            throw takenOver(task, null);
        }
        execution.setReadCount(task.delivery());
    }

    private Step step(Task task, UnitWork work) {
        return new StepBuilder(Steps.workerOf(task.step()), repository)
                .allowStartIfComplete(true)
                .tasklet((contribution, chunk) -> {
                    StepExecution execution = contribution.getStepExecution();
                    var bytes = new LongAdder();
                    String result = work.work(task.unit(), bytes::add);
                    requireOurs(execution);
                    execution.getExecutionContext().putString(RESULT, result);
                    execution.getExecutionContext().putLong(BYTES, bytes.sum());
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
        return Report.done(task.execution(), name, context.getString(RESULT, ""), context.getLong(BYTES, 0));
    }

    private Report failed(Task task, Throwable thrown) {
        return Report.failed(task.execution(), name, Failure.orElse(thrown, () -> unnamed(task, thrown)));
    }

    /** Batch stores what came of it before it looks whose it is: of one that woke up late that would go over another's. */
    private void requireOurs(StepExecution execution) {
        @Nullable StepExecution stored = repository.getStepExecution(execution.getId());
        if (stored == null || !Objects.equals(stored.getVersion(), execution.getVersion())) {
            throw new OptimisticLockingFailureException("another has stored its status");
        }
    }

    /** Who was taken for dead finds that the unit's status is no longer what he has left it at. */
    private static boolean isTakenOver(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(OptimisticLockingFailureException.class::isInstance);
    }

    /** What is no failure of ours keeps its class only: nobody knows what its text holds. */
    private RuntimeException unnamed(Task task, Throwable thrown) {
        if (isTakenOver(thrown)) {
            return takenOver(task, thrown);
        }
        String what = "worker %s: unit %s of step '%s' ended with %s"
                .formatted(name, task.unit(), task.step(), thrown.getClass().getName());
        return thrown instanceof DataAccessException || thrown instanceof TransactionException
                ? new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        what,
                        "Look at the job repository; then start this again: it goes on with what is missing.",
                        thrown)
                : new IllegalStateException(what, thrown);
    }

    private static Failure takenOver(Task task, @Nullable Throwable thrown) {
        return new Failure(
                FailureKind.LOCK_LOST,
                "unit %s of step '%s' is not this worker's any more: another has begun it, or its attempt is over"
                        .formatted(task.unit(), task.step()),
                "This worker was not heard of for too long; what it says of the unit does not count.",
                thrown);
    }

    private static Failure unknown(Task task) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "step execution %d in the job repository of this worker is not unit %s of step '%s'"
                        .formatted(task.execution(), task.unit(), task.step()),
                "Give the workers the job repository of the run that sends them units.");
    }
}
