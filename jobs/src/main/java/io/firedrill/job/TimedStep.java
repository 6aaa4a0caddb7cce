package io.firedrill.job;

import java.util.Collection;
import java.util.function.Supplier;
import org.springframework.batch.core.BatchStatus;
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
            run.failed(failed);
        }
    }

    private void executeHere(StepExecution execution) {
        try {
            step.execute(execution);
        } catch (JobInterruptedException thrown) {
            throw new UnitsFailed(thrown);
        }
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new UnitsFailed(null);
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("step '%s' left %d units undone".formatted(getName(), left.size()));
        }
    }

    /** Carries "the step did not complete" out of the phase. */
    private static final class UnitsFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnitsFailed(@org.jspecify.annotations.Nullable Throwable cause) {
            super("not all units completed", cause);
        }
    }
}
