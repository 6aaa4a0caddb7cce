package io.firedrill.job;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.PartitionStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * The two kinds of step our jobs are made of; both put a phase on the timeline.
 *
 * <p>{@link #once} happens or does not, and happens again on a restart: each is idempotent. {@link #each} goes over units that
 * an earlier step fixed, by several lanes; after a crash it goes over all of them again: what was dumped or loaded is found to be,
 * and what was looked at is looked at again.
 */
public final class Steps {
    private final JobRepository repository;
    private final AsyncTaskExecutor lanes;
    private final StepRun run;
    private @Nullable Dispatch dispatch;
    private LongSupplier nanos = () -> 0;

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
     * Has other processes work on the units of every step that {@link #spread} makes.
     *
     * @param ticker a monotonic clock
     */
    public Steps through(Dispatch workers, LongSupplier ticker) {
        dispatch = workers;
        nanos = ticker;
        return this;
    }

    /**
     * A step over units, all of them worked on by this process.
     *
     * @param units asked when the step begins; none is a mistake of the plan and fails
     * @param bytesExpected for the progress; 0 where nobody knows
     */
    Step each(String name, Supplier<List<String>> units, Supplier<Long> bytesExpected, Consumer<String> work) {
        Queue<String> left = new ConcurrentLinkedQueue<>();
        PartitionStepBuilder builder = partitioned(name, () -> {
                    List<String> all = required(name, units.get());
                    left.clear();
                    left.addAll(all);
                    return IntStream.rangeClosed(1, Math.min(run.lanes(), all.size()))
                            .mapToObj("lane-%d"::formatted)
                            .toList();
                })
                .step(lane(name, left, work))
                .taskExecutor(lanes);
        return new TimedStep(builder.build(), run, bytesExpected, left);
    }

    /**
     * A step over units that workers in other processes can do, if there are any.
     *
     * @param done told, in this process, of each unit and of the result of the work on it; by many threads
     */
    Step spread(
            String name,
            Supplier<List<String>> units,
            Supplier<Long> bytesExpected,
            UnitWork work,
            BiConsumer<String, String> done) {
        @Nullable Dispatch workers = dispatch;
        if (workers == null) {
            return each(
                    name, units, bytesExpected, unit -> done.accept(unit, work.work(unit, run.progress()::advance)));
        }
        var handler =
                new RemoteUnits(name, repository, run, workers, nanos, execution -> unitOf(execution, name), done);
        PartitionStepBuilder builder = partitioned(name, () -> required(name, units.get()));
        return new TimedStep(builder.partitionHandler(handler).build(), run, bytesExpected, List.of());
    }

    /** On a restart Batch hands the partitioner the grid size of the attempt before; ours asks the run instead. */
    private PartitionStepBuilder partitioned(String name, Supplier<List<String>> partitions) {
        return new StepBuilder(name, repository)
                .partitioner(
                        workerOf(name),
                        _ -> partitions.get().stream()
                                .collect(Collectors.toMap(Function.identity(), _ -> new ExecutionContext())))
                .gridSize(run.lanes())
                .allowStartIfComplete(true);
    }

    /**
     * Takes unit after unit until none is left. For Batch a lane is one partition: to note that one is done takes it some 10 ms of
     * CPU (docs/MEASURED.md), and a restart goes over all units whatever it says of them.
     */
    private Step lane(String name, Queue<String> left, Consumer<String> work) {
        return new StepBuilder(workerOf(name), repository)
                .allowStartIfComplete(true)
                .tasklet((contribution, chunk) -> {
                    for (String unit = left.poll(); unit != null; unit = left.poll()) {
                        one(unit, work);
                    }
                    return RepeatStatus.FINISHED;
                })
                .build();
    }

    private void one(String unit, Consumer<String> work) {
        guarded(() -> {
            run.checkpoint();
            work.accept(unit);
            // A phase that moves no bytes is heard of too.
            run.progress().advance(0);
        });
    }

    /** The name of the step execution of one unit. */
    static String partition(String name, String unit) {
        return workerOf(name) + ":" + unit;
    }

    /** The name of the step that its units are partitions of. */
    static String workerOf(String name) {
        return name + "-unit";
    }

    /**
     * A partition's name is all that says which unit it is: Batch creates it in one transaction and fills its context in the
     * next, so a process killed in between leaves a partition whose context is empty, and a restart copies that.
     */
    private static String unitOf(StepExecution partition, String name) {
        return partition.getStepName().substring(workerOf(name).length() + 1);
    }

    private static List<String> required(String name, List<String> units) {
        if (units.isEmpty()) {
            throw new IllegalStateException("step '%s' has no unit".formatted(name));
        }
        return units.stream().distinct().toList();
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
