package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.backup.SegmentSize;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunLog;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.RestoreUnits;
import io.firedrill.job.StepRun;
import io.firedrill.job.Steps;
import io.firedrill.job.UnitWork;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.RestoreSource;
import io.firedrill.storage.LeaseWatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a worker keeps open for one run: the deployments, the plan, and the lease it works under. */
final class WorkerRun implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, UnitWork> works;
    private final LeaseWatch lease;

    /**
     * @param steps what makes steps of a run here, with the worker's own job repository
     */
    WorkerRun(Workspace workspace, Errand errand, Function<StepRun, Steps> steps) {
        lease = workspace.leases().follow(errand.lease(), errand.fence());
        lease.check();
        var run = new StepRun(
                log(workspace, errand), Progress.NONE, workspace.settings().lanes(), lease::check, () -> false);
        try {
            works = errand.isRestore()
                    ? restore(workspace, errand, run)
                    : backup(workspace, errand, run, steps.apply(run));
        } catch (RuntimeException thrown) {
            close();
            throw thrown;
        }
    }

    /** Read only: the story of a run is told by the process that holds its lease. */
    private static RunLog log(Workspace workspace, Errand errand) {
        return RunLog.open(workspace.store(), workspace.clocks()).stream()
                .filter(open -> open.start().runId().equals(errand.run()))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.LOCK_LOST,
                        "run %s has ended".formatted(errand.run()),
                        "The run that this unit belongs to is over; started again, it sends its units anew."));
    }

    private Map<String, UnitWork> backup(Workspace workspace, Errand errand, StepRun run, Steps steps) {
        Settings settings = workspace.settings();
        settings.require(List.of(Setting.SOURCE_URI));
        requireSame("exclude", errand.exclude(), new TreeSet<>(settings.exclude()));
        requireSame("recipients", errand.recipients(), workspace.recipients());
        Deployment source = workspace.source();
        opened.push(source);
        var reading = new SourceReading(source, workspace, (_, _) -> {});
        opened.push(reading);
        BackupCatalog catalog = workspace.catalogOf(errand.catalog());
        var id = new BackupId(errand.backup());
        requirePlanned(catalog, id, source);
        return Map.of(
                BackupJobConfig.DUMP,
                new BackupJobConfig(
                                steps,
                                run,
                                source,
                                catalog,
                                id,
                                SegmentSize.DEFAULT,
                                settings.exclude(),
                                workspace.clocks())
                        .reading(reading.member(), reading.gate())
                        .atWorker());
    }

    /** A worker never plans: what it finds no plan of, or a plan of another source, is not what it was sent for. */
    private static void requirePlanned(BackupCatalog catalog, BackupId id, Deployment source) {
        String planned =
                catalog.plan(id).map(plan -> plan.identity().replicaSetId()).orElse("no plan");
        requireSame("source's replica set", planned, source.identity().replicaSetId());
    }

    private Map<String, UnitWork> restore(Workspace workspace, Errand errand, StepRun run) {
        workspace.settings().require(List.of(Setting.STAGING_URI));
        Deployment target = workspace.staging();
        opened.push(target);
        requireSame(
                "staging's replica set", errand.replicaSet(), target.identity().replicaSetId());
        RestoreSource source =
                RestoreSource.of(workspace.catalogOf(errand.catalog()), errand.backup(), errand.selection());
        return new RestoreUnits(run, source, target).atWorker(errand.run());
    }

    private static void requireSame(String what, Object ofRun, Object here) {
        if (!ofRun.equals(here)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s: the run has %s, and this worker %s".formatted(what, ofRun, here),
                    "Give the workers the settings of the run that sends them units.");
        }
    }

    /** What is done with a unit of a step, as long as the run has its lease. */
    UnitWork work(String step) {
        lease.check();
        @Nullable UnitWork work = works.get(step);
        if (work == null) {
            throw new IllegalArgumentException("no step " + step);
        }
        return work;
    }

    private boolean isOver() {
        try {
            lease.check();
            return false;
        } catch (Failure failure) {
            return failure.kind() == FailureKind.LOCK_LOST;
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception _) {
                // Its server is gone; no other run is to suffer for that.
            }
        }
    }

    /** The runs that a worker has units of. One that is over is closed when there is nothing else to do. */
    static final class Open implements AutoCloseable {
        private final Map<String, WorkerRun> runs = new HashMap<>();
        private final Map<String, Integer> users = new HashMap<>();
        private final Function<Errand, WorkerRun> open;

        Open(Function<Errand, WorkerRun> open) {
            this.open = open;
        }

        /** The run, opened if it is not; to be {@link #release released} again. */
        synchronized WorkerRun take(Errand errand) {
            WorkerRun known = runs.get(errand.key());
            if (known == null) {
                known = open.apply(errand);
                runs.put(errand.key(), known);
            }
            users.merge(errand.key(), 1, Integer::sum);
            return known;
        }

        synchronized void release(Errand errand) {
            users.merge(errand.key(), -1, (had, less) -> had + less == 0 ? null : had + less);
        }

        /** What was opened for runs that are over asks their servers no more. */
        synchronized void closeEnded() {
            runs.entrySet().removeIf(entry -> {
                boolean ended =
                        !users.containsKey(entry.getKey()) && entry.getValue().isOver();
                if (ended) {
                    entry.getValue().close();
                }
                return ended;
            });
        }

        @Override
        public synchronized void close() {
            runs.values().forEach(WorkerRun::close);
            runs.clear();
        }
    }
}
