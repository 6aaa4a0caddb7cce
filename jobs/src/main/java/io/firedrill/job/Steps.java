package io.firedrill.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * The two kinds of step our jobs are made of; both put a phase on the timeline.
 *
 * <p>{@link #once} happens or does not, and happens again on a restart: each is idempotent. {@link #each} is partitioned
 * over units that an earlier step fixed; after a crash it goes on with the units that are missing.
 */
public final class Steps {
    private final JobRepository repository;
    private final AsyncTaskExecutor lanes;
    private final StepRun run;

    /**
     * @param lanes as many threads as units may be worked on at a time
     */
    public Steps(JobRepository repository, AsyncTaskExecutor lanes, StepRun run) {
        this.repository = repository;
        this.lanes = lanes;
        this.run = run;
    }

    JobBuilder job(String name) {
        return new JobBuilder(name, repository);
    }

    /** A step whose phase counts as recovery time. */
    Step once(String name, Runnable work) {
        return step(name, true, work);
    }

    /** A step whose phase is outside the recovery time, such as cleaning up. */
    Step after(String name, Runnable work) {
        return step(name, false, work);
    }

    private Step step(String name, boolean insideRto, Runnable work) {
        return new StepBuilder(name, repository)
                .allowStartIfComplete(true)
                .tasklet((contribution, chunk) -> {
                    guarded(() -> run.log().timeline().measure(name, insideRto, () -> {
                        run.progress().begin(name, 0);
                        run.checkpoint();
                        work.run();
                        run.progress().end();
                    }));
                    return RepeatStatus.FINISHED;
                })
                .build();
    }

    /**
     * A step over units.
     *
     * @param units asked when the step begins; none is a mistake of the plan and fails
     * @param bytesExpected for the progress; 0 where nobody knows
     */
    Step each(String name, Supplier<List<String>> units, Supplier<Long> bytesExpected, Consumer<String> work) {
        String workerName = name + "-unit";
        Step worker = new StepBuilder(workerName, repository)
                .allowStartIfComplete(true)
                .tasklet((contribution, chunk) -> {
                    String unit = unitOf(contribution.getStepExecution().getStepName(), workerName);
                    guarded(() -> {
                        run.checkpoint();
                        work.accept(unit);
                        // A phase that moves no bytes is heard of too.
                        run.progress().advance(0);
                    });
                    return RepeatStatus.FINISHED;
                })
                .build();
        Step partitioned = new StepBuilder(name, repository)
                .partitioner(workerName, gridSize -> partitions(name, units.get()))
                .step(worker)
                .gridSize(run.lanes())
                .taskExecutor(lanes)
                .allowStartIfComplete(true)
                .build();
        return new TimedStep(partitioned, run, bytesExpected);
    }

    /**
     * A partition's name is all that says which unit it is: Batch creates it in one transaction and fills its context in the
     * next, so a process killed in between leaves a partition whose context is empty, and a restart copies that.
     */
    private static String unitOf(String partition, String workerName) {
        return partition.substring(workerName.length() + 1);
    }

    /** Partition names come from the unit, not from its position: a restart finds its own partitions again. */
    private static Map<String, ExecutionContext> partitions(String name, List<String> units) {
        if (units.isEmpty()) {
            throw new IllegalStateException("step '%s' has no unit".formatted(name));
        }
        Map<String, ExecutionContext> partitions = new HashMap<>();
        for (String unit : units) {
            partitions.put(unit, new ExecutionContext());
        }
        return partitions;
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error thrown) {
            run.failed(thrown);
            throw thrown;
        }
    }
}
