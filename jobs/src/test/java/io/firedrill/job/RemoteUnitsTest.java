package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;

/** Units that workers do: what comes back, what happens twice, and what ends the step. */
class RemoteUnitsTest {
    private static final List<String> UNITS =
            IntStream.range(0, 7).mapToObj("unit-%d"::formatted).toList();
    private static final JobParameters RUN =
            new JobParametersBuilder().addString("run", "one").toJobParameters();

    @TempDir
    Path directory;

    private final AnnotationConfigApplicationContext batch =
            new AnnotationConfigApplicationContext(BatchForTests.class);
    private final JobRepository repository = batch.getBean(JobRepository.class);
    private final Map<String, String> results = new TreeMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final List<String> said = new ArrayList<>();
    private ObjectStore store = ObjectStores.directory(Path.of("unset"));

    @BeforeEach
    void openTheStore() {
        store = ObjectStores.directory(directory);
    }

    @AfterEach
    void close() {
        batch.close();
    }

    private UnitWorker worker(String name) {
        return new UnitWorker(repository, name);
    }

    private static String work(String unit, LongConsumer progress) {
        progress.accept(10);
        return "did " + unit;
    }

    private StepRun run(String runId, BooleanSupplier stop) {
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

    private BatchStatus execute(StepRun run, Dispatch workers) throws JobExecutionException {
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run).through(workers, System::nanoTime);
        var job = steps.job("spread")
                .start(steps.spread("dump", () -> UNITS, () -> 70L, RemoteUnitsTest::work, results::put))
                .build();
        // As the runner starts it: not within one transaction, whose writes no other thread would see.
        Object operator = AopProxyUtils.getSingletonTarget(batch.getBean(JobOperator.class));
        return ((JobOperator) Objects.requireNonNull(operator)).start(job, RUN).getStatus();
    }

    /** What the run's record says of its workers. */
    private Optional<String> noted(StepRun run) {
        return run.log()
                .finish(new Ledger(store, "test", Clocks.system()).writer(SigningKey.make(), Optional.empty()), null, 0)
                .note("workers-dump");
    }

    @Test
    void everyUnitIsDoneByAWorkerAndItsResultComesBack() throws JobExecutionException {
        var run = run("all", () -> false);
        UnitWorker[] two = {worker("host-a/1"), worker("host-b/2")};
        var turn = new AtomicLong();
        var workers = new AnsweringWorkers(
                task -> List.of(two[(int) (turn.getAndIncrement() % 2)].work(task, "one", RemoteUnitsTest::work)));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(run.failure()).isNull();
        assertThat(results)
                .hasSize(7)
                .allSatisfy((unit, result) -> assertThat(result).isEqualTo("did " + unit));
        assertThat(bytes).hasValue(70);
        assertThat(noted(run)).hasValue("host-a/1 4, host-b/2 3");
    }

    @Test
    void aUnitWhoseWorkerDiedAfterItsStatusWasStoredIsNotDoneTwice() throws JobExecutionException {
        var run = run("died", () -> false);
        var done = new ArrayList<String>();
        UnitWork counted = (unit, progress) -> {
            done.add(unit);
            return work(unit, progress);
        };
        // The first report is lost with its worker; the broker gives the unit to another.
        var workers = new AnsweringWorkers(task -> {
            worker("dead/1").work(task, "one", counted);
            return List.of(worker("alive/2").work(task, "one", counted));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrderElementsOf(UNITS);
        assertThat(results).hasSize(7).containsEntry("unit-3", "did unit-3");
        assertThat(bytes).hasValue(70);
    }

    @Test
    void whatAWorkerHadBegunAnotherGoesOnWith() throws JobExecutionException {
        var run = run("begun", () -> false);
        var workers = new AnsweringWorkers(task -> {
            StepExecution begun = Objects.requireNonNull(repository.getStepExecution(task.execution()));
            begun.setStatus(BatchStatus.STARTED);
            repository.update(begun);
            return List.of(worker("heir/2").work(task, "one", RemoteUnitsTest::work));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results.keySet()).containsExactlyElementsOf(UNITS);
    }

    @Test
    void whoWakesUpWhenAnotherHasDoneHisUnitChangesNothingInTheRepository() throws JobExecutionException {
        var woken = new ArrayList<Report>();
        var workers = new AnsweringWorkers(task -> {
            woken.add(worker("frozen/1").work(task, "one", (unit, progress) -> {
                StepExecution heirs = Objects.requireNonNull(repository.getStepExecution(task.execution()));
                heirs.setStatus(BatchStatus.COMPLETED);
                repository.update(heirs);
                return "late";
            }));
            // Whose report was lost, so that the broker gives the unit to a third.
            return List.of(worker("third/3").work(task, "one", RemoteUnitsTest::work));
        });

        assertThat(execute(run("woken", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results.values()).hasSize(7).containsOnly("");
        assertThat(woken).hasSize(7).allSatisfy(report -> {
            var failure = Failure.in(report.failure().orElseThrow()).orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST);
            assertThat(failure.text()).contains("is not this worker's any more");
        });
    }

    @Test
    void whoWakesUpBeforeHeHasBegunTakesNothingFromTheOneWhoHas() throws JobExecutionException {
        var workers = new AnsweringWorkers(task ->
                List.of(worker("heir/2").work(task.delivered(2), "one", (unit, progress) -> {
                    Report late = worker("frozen/1").work(task, "one", RemoteUnitsTest::work);
                    assertThat(kind(late)).isEqualTo(FailureKind.LOCK_LOST);
                    return work(unit, progress);
                })));

        assertThat(execute(run("late", () -> false), workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    private static FailureKind kind(Report report) {
        return Failure.in(report.failure().orElseThrow()).orElseThrow().kind();
    }

    @Test
    void whatIsHeardTwiceCountsOnce() throws JobExecutionException {
        var run = run("twice", () -> false);
        var workers = new AnsweringWorkers(task -> {
            Report report = worker("host/1").work(task, "one", RemoteUnitsTest::work);
            return List.of(report, report);
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(bytes).hasValue(70);
        assertThat(noted(run)).hasValue("host/1 7");
    }

    @Test
    void theFirstUnitThatFailsEndsTheStepWithTheWorkersOwnFailure() throws JobExecutionException {
        var run = run("fails", () -> false);
        var full = new Failure(FailureKind.STORE_FULL, "the store is full", "Make room.");
        var workers = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", (unit, progress) -> {
            throw full;
        })));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).isSameAs(full);
        assertThat(workers.tasks).as("nobody is asked once it has failed").hasSize(6);
    }

    @Test
    void aRunWhoseUnitsWereLeftLyingIsStartedAgain() throws JobExecutionException {
        var workers = new AnsweringWorkers(task -> {
            StepExecution begun = Objects.requireNonNull(repository.getStepExecution(task.execution()));
            begun.setStatus(BatchStatus.STARTED);
            repository.update(begun);
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "the broker is gone", "Again.");
        });
        assertThat(execute(run("first", () -> false), workers)).isEqualTo(BatchStatus.FAILED);
        // One that never came to its step execution leaves it as it was sent.
        var refusing = new AnsweringWorkers(task -> List.of(Report.failed(
                task.execution(), "host/1", new Failure(FailureKind.CONFIGURATION_INVALID, "it differs", "Mend it."))));
        assertThat(execute(run("refused", () -> false), refusing)).isEqualTo(BatchStatus.FAILED);
        // A kill between two transactions of Spring Batch leaves partitions whose contexts are empty.
        int torn = new JdbcTemplate(batch.getBean(DataSource.class))
                .update("UPDATE BATCH_STEP_EXECUTION_CONTEXT SET SHORT_CONTEXT = (SELECT MIN(SHORT_CONTEXT)"
                        + " FROM BATCH_JOB_EXECUTION_CONTEXT)");
        assertThat(torn).isGreaterThanOrEqualTo(UNITS.size());
        var good = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", RemoteUnitsTest::work)));
        assertThat(execute(run("second", () -> false), good)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(results).hasSize(7);
    }

    @Test
    void whatIsNoFailureOfOursIsNamedByItsClassAndNotByWhatItSays() throws JobExecutionException {
        var run = run("unexpected", () -> false);
        var workers = new AnsweringWorkers(task -> List.of(worker("host/1").work(task, "one", (unit, progress) -> {
            throw new IllegalArgumentException("mongodb://user:canary@host");
        })));

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure())
                .hasMessageContaining("host/1")
                .hasMessageContaining("IllegalArgumentException")
                .hasMessageNotContaining("canary");
    }

    @Test
    void askedToStopTheManagerDoesNotWaitForItsWorkers() throws JobExecutionException {
        var stop = new AtomicBoolean();
        var run = run("stopped", stop::get);
        var workers = new AnsweringWorkers(task -> {
            stop.set(true);
            return List.of();
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(Failure.in(run.failure()).orElseThrow().kind()).isEqualTo(FailureKind.ABORTED);
    }

    @Test
    void aUnitThatTheWorkersRepositoryDoesNotKnowIsRefusedWithWhatToDo() {
        Report report = worker("host/1").work(new Task("dump", "unit-1", 4711), "one", RemoteUnitsTest::work);

        var failure = Failure.in(report.failure().orElseThrow()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("4711");
    }

    @Test
    void whatAnotherRepositoryKnowsByThatNumberIsNotTheUnit() throws JobExecutionException {
        var run = run("stranger", () -> false);
        var refused = new ArrayList<Report>();
        var workers = new AnsweringWorkers(task -> {
            UnitWorker worker = worker("host/1");
            refused.add(worker.work(new Task("load", task.unit(), task.execution()), "one", RemoteUnitsTest::work));
            refused.add(worker.work(new Task("dump", "another", task.execution()), "one", RemoteUnitsTest::work));
            refused.add(worker.work(task, "another run", RemoteUnitsTest::work));
            return List.of(worker.work(task, "one", RemoteUnitsTest::work));
        });

        assertThat(execute(run, workers)).isEqualTo(BatchStatus.COMPLETED);
        assertThat(refused)
                .hasSize(21)
                .allSatisfy(report -> assertThat(kind(report)).isEqualTo(FailureKind.CONFIGURATION_INVALID));
    }

    @Test
    void aUnitOfAnAttemptThatIsOverIsLeft() throws JobExecutionException {
        var run = run("over", () -> false);
        var late = new ArrayList<Task>();
        var workers = new AnsweringWorkers(task -> {
            late.add(task);
            throw new Failure(FailureKind.SOURCE_CHANGED, "a collection was dropped", "Again.");
        });
        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);

        Report report = worker("host/1").work(late.getFirst(), "one", (unit, _) -> fail("worked on " + unit));
        assertThat(kind(report)).isEqualTo(FailureKind.LOCK_LOST);
    }

    @Test
    void whatIsSaidToBeDoneAndIsNotInTheRepositoryIsNotBelieved() throws JobExecutionException {
        var run = run("liar", () -> false);
        var workers = new AnsweringWorkers(task -> List.of(Report.done(task.execution(), "host/1", "did it", 10)));
        assertThat(execute(run, workers)).isEqualTo(BatchStatus.FAILED);
        assertThat(run.failure()).hasMessageContaining("the job repository does not know");
        assertThat(results).isEmpty();
    }

    @Test
    void whoSaysThatItIsAtAUnitIsWaitedFor() throws JobExecutionException {
        var run = run("patient", () -> false);
        var asked = new AtomicLong();
        var workers = new AnsweringWorkers(task -> {
            List<Report> reports = new ArrayList<>();
            for (int minute = 0; minute < 40; minute++) {
                reports.add(Report.working(task.execution(), "host/1"));
            }
            asked.incrementAndGet();
            reports.add(worker("host/1").work(task, "one", RemoteUnitsTest::work));
            return reports;
        });
        var clock = new AtomicLong();
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run)
                .through(workers, () -> clock.addAndGet(Duration.ofSeconds(59).toNanos()));
        var job = steps.job("patient")
                .start(steps.spread("dump", () -> UNITS, () -> 70L, RemoteUnitsTest::work, results::put))
                .build();
        assertThat(batch.getBean(JobOperator.class).start(job, RUN).getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(asked).hasValue(UNITS.size());
        assertThat(bytes).hasValue(70);
    }

    @Test
    void nothingHeardIsToldAfterAMinuteAndEndsTheRunAfterAQuarterOfAnHour() throws JobExecutionException {
        var run = run("silent", () -> false);
        var clock = new AtomicLong();
        var silent = new AnsweringWorkers(_ -> List.of());
        var handler = new RemoteUnits(
                "dump",
                repository,
                run,
                silent,
                () -> clock.addAndGet(Duration.ofSeconds(20).toNanos()),
                StepExecution::getStepName,
                results::put);
        var steps = new Steps(repository, new SimpleAsyncTaskExecutor(), run);
        var job = steps.job("silent")
                .start(new StepBuilder("dump", repository)
                        .partitioner("dump-unit", _ -> Map.of("one", new ExecutionContext()))
                        .partitionHandler(handler)
                        .build())
                .build();

        assertThat(batch.getBean(JobOperator.class).start(job, RUN).getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(said).containsExactly("no worker has ended a unit of 'dump' for a minute; 1 wait");
        var failure = Failure.in(run.failure()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("1 units of step 'dump'");
    }
}
