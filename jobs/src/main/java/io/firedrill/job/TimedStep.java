package io.firedrill.job;

import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** Puts a step that has units on the timeline as one phase, and its bytes on the progress. */
final class TimedStep implements Step {
    private final Step step;
    private final StepRun run;
    private final Supplier<Long> bytesExpected;
    private final Collection<String> left;

    /**
     * @param left units that nobody has taken: none may be when the step says that it is complete
     */
    TimedStep(Step step, StepRun run, Supplier<Long> bytesExpected, Collection<String> left) {
        this.step = step;
        this.run = run;
        this.bytesExpected = bytesExpected;
        this.left = left;
    }

    @Override
    public String getName() {
        return step.getName();
    }

    @Override
    public boolean isAllowStartIfComplete() {
        return step.isAllowStartIfComplete();
    }

    @Override
    public int getStartLimit() {
        return step.getStartLimit();
    }

    @Override
    public void execute(StepExecution execution) throws JobInterruptedException {
        try {
            run.log().timeline().measure(getName(), true, () -> {
                run.progress().begin(getName(), bytesExpected.get());
                executeHere(execution);
                run.progress().end();
            });
        } catch (UnitsFailed failed) {
            // The step has recorded its failure; the phase is on the timeline as failed.
            run.failed(Objects.requireNonNullElse(failed.getCause(), failed));
        }
    }

    private void executeHere(StepExecution execution) {
        try {
            step.execute(execution);
        } catch (JobInterruptedException thrown) {
            throw new UnitsFailed(thrown);
        }
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new UnitsFailed(reason(execution));
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("step '%s' left %d units undone".formatted(getName(), left.size()));
        }
    }

    /** What went wrong beside the work on units, of which the run has heard: in making the units, or in the repository. */
    private static @Nullable Throwable reason(StepExecution execution) {
        return execution.getJobExecution().getAllFailureExceptions().stream()
                .filter(thrown -> !(thrown instanceof JobExecutionException))
                .findFirst()
                .orElse(null);
    }

    /** Carries "the step did not complete" out of the phase. */
    private static final class UnitsFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnitsFailed(@Nullable Throwable cause) {
            super("not all units completed", cause);
        }
    }
}
