package io.firedrill.job;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * The manager's half of remote partitioning: sends the units of a step to workers and waits for all of them. The first that
 * fails ends the step; what workers still have in hand then, the lost lease ends.
 */
final class RemoteUnits implements PartitionHandler {
    /** Workers say every minute that they are at a unit: if nothing at all was heard for so long, there is none. */
    static final Duration SILENCE_MAX = Duration.ofMinutes(15);

    /** From here on a person may want to know that nothing comes. */
    static final Duration SILENCE_TOLD = Duration.ofMinutes(1);

    private static final int STORES_MAX = 5;

    private static final Duration LOOK = Duration.ofMillis(200);

    private final String step;
    private final JobRepository repository;
    private final StepRun run;
    private final Dispatch dispatch;
    private final LongSupplier nanos;
    private final Function<StepExecution, String> unitOf;
    private final BiConsumer<String, String> done;
    private final Map<String, Integer> byWorker = new ConcurrentSkipListMap<>();

    /**
     * @param nanos a monotonic clock
     * @param done told of each unit, and the result of the work on it
     */
    RemoteUnits(
            String step,
            JobRepository repository,
            StepRun run,
            Dispatch dispatch,
            LongSupplier nanos,
            Function<StepExecution, String> unitOf,
            BiConsumer<String, String> done) {
        this.step = step;
        this.repository = repository;
        this.run = run;
        this.dispatch = dispatch;
        this.nanos = nanos;
        this.unitOf = unitOf;
        this.done = done;
    }

    @Override
    public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
            throws JobExecutionException {
        Map<Long, StepExecution> pending = new HashMap<>();
        splitter.split(manager, run.lanes()).forEach(unit -> pending.put(unit.getId(), unit));
        List<StepExecution> all = List.copyOf(pending.values());
        List<StepExecution> ended = new ArrayList<>();
        try {
            for (StepExecution execution : all) {
                run.checkpoint();
                dispatch.send(new Task(step, unitOf.apply(execution), execution.getId()));
            }
            await(pending, ended);
        } catch (RuntimeException thrown) {
            run.failed(thrown);
            giveUp(all, thrown);
            throw thrown;
        } finally {
            run.log().note("workers-" + step, byWorker.isEmpty() ? "none" : tally());
        }
        return ended;
    }

    private void await(Map<Long, StepExecution> pending, List<StepExecution> ended) {
        run.progress().detail(() -> byWorker.size() + " workers");
        long heard = nanos.getAsLong();
        boolean told = false;
        while (!pending.isEmpty()) {
            run.checkpoint();
            Optional<Report> report = dispatch.next(LOOK);
            report.filter(Report::ended).ifPresent(end -> {
                @Nullable StepExecution execution = pending.remove(end.execution());
                if (execution != null) {
                    ended.add(take(end, execution));
                }
            });
            long now = nanos.getAsLong();
            heard = report.isPresent() ? now : heard;
            told = watch(Duration.ofNanos(now - heard), told, pending.size());
        }
    }

    /** A unit that is still said to be under way would keep the run from being started again. */
    private void giveUp(List<StepExecution> units, RuntimeException because) {
        try {
            units.forEach(this::giveUp);
        } catch (RuntimeException thrown) {
            because.addSuppressed(thrown);
        }
    }

    private void giveUp(StepExecution unit) {
        for (int attempt = 1; attempt <= STORES_MAX; attempt++) {
            try {
                StepExecution stored = Objects.requireNonNull(repository.getStepExecution(unit.getId()));
                if (stored.getStatus().isRunning()) {
                    stored.setStatus(BatchStatus.STOPPED);
                    stored.setExitStatus(ExitStatus.STOPPED);
                    repository.update(stored);
                }
                return;
            } catch (OptimisticLockingFailureException _) {
                // Its worker has just stored how far it is: look again.
            }
        }
    }

    private StepExecution take(Report report, StepExecution execution) {
        report.failure().ifPresent(failure -> {
            throw failure;
        });
        StepExecution stored = Objects.requireNonNull(repository.getStepExecution(execution.getId()));
        if (stored.getStatus() != BatchStatus.COMPLETED) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "worker %s says that unit %s of step '%s' is done, and the job repository does not know"
                            .formatted(report.worker(), unitOf.apply(execution), step),
                    "Give the workers the job repository of the run that sends them units.");
        }
        byWorker.merge(report.worker(), 1, Integer::sum);
        done.accept(unitOf.apply(execution), report.result());
        run.progress().advance(report.bytes());
        return stored;
    }

    /** Says once that nothing comes, and gives up in the end. */
    private boolean watch(Duration silence, boolean told, int pending) {
        if (silence.compareTo(SILENCE_MAX) > 0) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%d units of step '%s' wait, and no worker was heard of for %d minutes"
                            .formatted(pending, step, silence.toMinutes()),
                    "Start 'firedrill worker' with the same broker, job repository and store; then start this again: it goes on with what is missing.");
        }
        boolean tell = silence.compareTo(SILENCE_TOLD) > 0;
        if (tell && !told) {
            run.progress().say("no worker has ended a unit of '%s' for a minute; %d wait".formatted(step, pending));
        }
        return tell;
    }

    private String tally() {
        List<String> words = new ArrayList<>();
        byWorker.forEach((worker, units) -> words.add(worker + " " + units));
        return String.join(", ", words);
    }
}
