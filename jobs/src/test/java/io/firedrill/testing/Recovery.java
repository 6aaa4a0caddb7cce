package io.firedrill.testing;

import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Selection;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SegmentSize;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.SigningKey;
import io.firedrill.failure.Failure;
import io.firedrill.job.BackupAttempts;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.CompactJobConfig;
import io.firedrill.job.Compaction;
import io.firedrill.job.PruneJobConfig;
import io.firedrill.job.RestoreJobConfig;
import io.firedrill.job.RestoreJobConfig.Users;
import io.firedrill.job.StepRun;
import io.firedrill.job.Steps;
import io.firedrill.job.VerifyJobConfig;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryPlanner;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;
import io.firedrill.retention.KnownBackup;
import io.firedrill.retention.OplogTrim;
import io.firedrill.retention.RetentionPlanner;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.storage.ObjectStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Runs our jobs for tests: the real steps on real servers, with segments small enough that few documents make many. */
public final class Recovery implements AutoCloseable {
    private static final SigningKey KEY = SigningKey.make();

    private static final SegmentSize SMALL = new SegmentSize(64 << 10, 128 << 10);

    private final ObjectStore store;
    private final Clocks clocks;
    private final AnnotationConfigApplicationContext batch =
            new AnnotationConfigApplicationContext(BatchForTests.class);
    private BooleanSupplier stop = () -> false;
    private UnaryOperator<BackupJobConfig> reading = config -> config;
    private BackupCatalog catalog;
    private Selection selection = Selection.EVERYTHING;
    private int runs;

    public Recovery(ObjectStore store) {
        this(store, Clocks.system());
    }

    public Recovery(ObjectStore store, Clocks clocks) {
        this.store = store;
        this.clocks = clocks;
        this.catalog = new BackupCatalog(store, "source");
    }

    /** From now on everything is written and read with these keys, as another process would that is given them. */
    public Recovery with(ArchiveKeys keys) {
        catalog = new BackupCatalog(store, "source", keys);
        return this;
    }

    public void stopWhen(BooleanSupplier requested) {
        stop = requested;
    }

    /** From now on backups read from a member, and pass a gate. */
    public Recovery reading(Deployment member, ReadGate gate) {
        reading = config -> config.reading(member, gate);
        return this;
    }

    /** From now on backups read this share of what has not changed, to prove it. */
    public Recovery rereading(double share) {
        UnaryOperator<BackupJobConfig> before = reading;
        reading = config -> before.apply(config).rereading(share);
        return this;
    }

    /** From now on backups read only what has changed of a range, within these limits. */
    public Recovery deltas(DeltaLimits limits) {
        UnaryOperator<BackupJobConfig> before = reading;
        reading = config -> before.apply(config).deltas(limits);
        return this;
    }

    /** From now on restores take a part of the backup, or give it other names. */
    public Recovery selecting(Selection wanted) {
        selection = wanted;
        return this;
    }

    /** How a run ended: its record, and what was thrown. */
    public record Ended(RunRecord record, @Nullable Throwable failure) {}

    public BackupCatalog catalog() {
        return catalog;
    }

    public Manifest backup(Deployment source, int number) {
        Ended ended = backup(source, id(number), Set.of());
        if (ended.failure() != null) {
            throw new AssertionError("backup failed", ended.failure());
        }
        return catalog().manifest(id(number));
    }

    public Ended backup(Deployment source, BackupId id, Set<String> exclude) {
        return run(
                RunKind.BACKUP,
                "run-" + ++runs,
                (steps, run) -> reading.apply(
                                new BackupJobConfig(steps, run, source, catalog(), id, SMALL, exclude, clocks))
                        .job());
    }

    /** A backup that is begun anew, as the command does it, when the source's collections changed under it. */
    public Ended backupInAttempts(Deployment source, BackupId first, int attemptsMax) {
        var attempts = new BackupAttempts(attemptsMax, before -> before.next(before.moment(), 0));
        return recorded(RunKind.BACKUP, "run-" + ++runs, run -> {
            attempts.run(run, first, (attempt, id) -> {
                Throwable failure = execute(
                        steps -> reading.apply(new BackupJobConfig(
                                        steps, attempt, source, catalog(), id, SMALL, Set.of(), clocks))
                                .job(),
                        attempt,
                        "run-" + ++runs);
                if (failure != null) {
                    throw Failure.in(failure).orElseThrow(() -> new AssertionError("no failure of ours", failure));
                }
            });
            return null;
        });
    }

    public static BackupId id(int number) {
        return new BackupId("20260101T000000Z-%08x".formatted(number));
    }

    public Ended restore(Deployment target, String backup, String runId) {
        return run(
                RunKind.RESTORE,
                runId,
                (steps, run) -> config(target, backup, steps, run).restore());
    }

    public Ended restoreWithUsers(Deployment target, String backup, String runId) {
        return run(
                RunKind.RESTORE,
                runId,
                (steps, run) ->
                        config(target, backup, steps, run).with(Users.RESTORED).restore());
    }

    public Ended drill(Deployment target, String backup, String runId) {
        return run(
                RunKind.DRILL,
                runId,
                (steps, run) -> config(target, backup, steps, run).drill(false));
    }

    /** Goes on from the best backup to a moment. */
    public Ended restoreTo(Deployment target, RecoveryTarget wanted, String runId) {
        return recorded(RunKind.RESTORE, runId, run -> {
            RecoveryPlan plan = new RecoveryPlanner(catalog(), () -> 1).plan(wanted, Optional.empty());
            return execute(
                    steps -> config(target, plan.base().backup().value(), steps, run)
                            .to(plan)
                            .restore(),
                    run,
                    runId);
        });
    }

    /**
     * Makes a backup out of the best base and the archived oplog, in a copy that is loaded for it.
     *
     * @param made told its id, if there is anything to make
     */
    public Ended compact(Deployment copy, RecoveryTarget wanted, Consumer<BackupId> made) {
        String runId = "run-" + ++runs;
        return recorded(RunKind.COMPACT, runId, run -> {
            RecoveryPlan plan = new RecoveryPlanner(catalog(), () -> 1).plan(wanted, Optional.empty());
            var compaction = new Compaction(catalog(), plan, run);
            Optional<BackupId> id = compaction.look(runs);
            id.ifPresent(made);
            return id.isEmpty()
                    ? null
                    : execute(steps -> compact(steps, run, copy, plan, compaction, id.get()), run, runId);
        });
    }

    private Job compact(
            Steps steps, StepRun run, Deployment copy, RecoveryPlan plan, Compaction compaction, BackupId id) {
        String base = plan.base().backup().value();
        RestoreSource source = RestoreSource.of(catalog(), base);
        return new CompactJobConfig(
                        steps,
                        run,
                        catalog(),
                        config(copy, base, steps, run),
                        source,
                        compaction,
                        copy,
                        id,
                        SMALL,
                        clocks)
                .job();
    }

    private RestoreJobConfig config(Deployment target, String backup, Steps steps, StepRun run) {
        RestoreSource source = RestoreSource.of(catalog(), backup, selection);
        var guard = new StagingGuard(Set.of(), name -> true);
        return new RestoreJobConfig(
                steps, run, catalog(), source, target, guard, () -> catalog().identities());
    }

    public Ended verify(String backup) {
        return run(RunKind.VERIFY, "run-" + ++runs, (steps, run) -> {
            RestoreSource source = RestoreSource.of(catalog(), backup);
            return new VerifyJobConfig(steps, run, catalog(), source, source.units()).job();
        });
    }

    /** One run of retention at a moment of the test's choice. */
    public Ended prune(RetentionPolicy policy, Instant now) {
        return run(
                RunKind.PRUNE,
                "run-prune-" + UUID.randomUUID(),
                (steps, run) -> new PruneJobConfig(
                                steps,
                                run,
                                catalog(),
                                () -> new RetentionPlanner(KnownBackup.of(catalog(), Set.of(), Map.of()), policy, now)
                                        .byPolicy(),
                                new OplogTrim(catalog(), Optional.empty(), now))
                        .job());
    }

    private interface Make {
        Job job(Steps steps, StepRun run);
    }

    private Ended run(RunKind kind, String runId, Make make) {
        return recorded(kind, runId, run -> execute(steps -> make.job(steps, run), run, runId));
    }

    private Ended recorded(RunKind kind, String runId, Function<StepRun, @Nullable Throwable> work) {
        var start = new RunStart(runId, kind, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        RunLog log = RunLog.begin(store, clocks, start);
        var run = new StepRun(log, Progress.NONE, 2, () -> {}, stop);
        @Nullable Throwable failure = null;
        try {
            failure = work.apply(run);
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
        RunRecord record = log.finish(new Ledger(store, "test", clocks).writer(KEY, Optional.empty()), failure, 0);
        RecordSchema.RECOVERY_RUN.check(record.entry().payload());
        return new Ended(record, failure);
    }

    private @Nullable Throwable execute(Function<Steps, Job> make, StepRun run, String runId) {
        var lanes = new SimpleAsyncTaskExecutor();
        lanes.setConcurrencyLimit(2);
        var steps = new Steps(batch.getBean(JobRepository.class), lanes, run);
        var parameters =
                new JobParametersBuilder().addString("run", runId + ++runs).toJobParameters();
        try {
            JobExecution execution = batch.getBean(JobOperator.class).start(make.apply(steps), parameters);
            List<Throwable> failures = execution.getAllFailureExceptions();
            return run.failure() != null || failures.isEmpty() ? run.failure() : failures.getFirst();
        } catch (org.springframework.batch.core.job.JobExecutionException thrown) {
            return thrown;
        }
    }

    @Override
    public void close() {
        batch.close();
    }
}
