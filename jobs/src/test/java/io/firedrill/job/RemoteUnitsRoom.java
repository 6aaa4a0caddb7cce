package io.firedrill.job;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.SigningKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.BatchForTests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** A manager, a job repository, and workers in this process: what they say to each other goes through a test's hands. */
abstract class RemoteUnitsRoom {
    static final List<String> UNITS =
            IntStream.range(0, 7).mapToObj("unit-%d"::formatted).toList();
    static final JobParameters RUN =
            new JobParametersBuilder().addString("run", "one").toJobParameters();

    @TempDir
    Path directory;

    final AnnotationConfigApplicationContext batch = new AnnotationConfigApplicationContext(BatchForTests.class);
    final JobRepository repository = batch.getBean(JobRepository.class);
    final Map<String, String> results = new TreeMap<>();
    final AtomicLong bytes = new AtomicLong();
    final List<String> said = new ArrayList<>();
    private ObjectStore store = ObjectStores.directory(Path.of("unset"));

    @BeforeEach
    void openTheStore() {
        store = ObjectStores.directory(directory);
    }

    @AfterEach
    void close() {
        batch.close();
    }

    UnitWorker worker(String name) {
        return new UnitWorker(repository, name);
    }

    static String work(String unit, LongConsumer progress) {
        progress.accept(10);
        return "did " + unit;
    }

    StepRun run(String runId, BooleanSupplier stop) {
        var start = new RunStart(runId, RunKind.BACKUP, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        return new StepRun(RunLog.begin(store, Clocks.system(), start), heard(), 2, () -> {}, stop);
    }

    private Progress heard() {
        return new Progress() {
            @Override
            public void begin(String phase, long bytesExpected) {}

            @Override
            public void advance(long some) {
                bytes.addAndGet(some);
            }

            @Override
            public void say(String line) {
                said.add(line);
            }

            @Override
            public void end() {}
        };
    }

    BatchStatus execute(StepRun run, Dispatch workers) throws JobExecutionException {
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run).through(workers, System::nanoTime);
        var job = steps.job("spread")
                .start(steps.spread("dump", () -> UNITS, () -> 70L, RemoteUnitsRoom::work, results::put))
                .build();
        // As the runner starts it: not within one transaction, whose writes no other thread would see.
        Object operator = AopProxyUtils.getSingletonTarget(batch.getBean(JobOperator.class));
        return ((JobOperator) Objects.requireNonNull(operator)).start(job, RUN).getStatus();
    }

    /** What the run's record says of its workers. */
    Optional<String> noted(StepRun run) {
        return run.log()
                .finish(new Ledger(store, "test", Clocks.system()).writer(SigningKey.make(), Optional.empty()), null, 0)
                .note("workers-dump");
    }

    /** A worker that was handed it has stored that it begins. */
    void begun(Task task) {
        StepExecution begun = Objects.requireNonNull(repository.getStepExecution(task.execution()));
        begun.setStatus(BatchStatus.STARTED);
        begun.setReadCount(task.delivery());
        repository.update(begun);
    }

    static FailureKind kind(Report report) {
        return Failure.in(report.failure().orElseThrow()).orElseThrow().kind();
    }
}
