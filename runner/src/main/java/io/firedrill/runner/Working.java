package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.UnitWorker;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A worker: takes units of backups and restores that other processes run, lane by lane, until it is asked to stop; what it has in
 * hand then it ends.
 */
final class Working {
    private final RunContext context;
    private final Workspace workspace;
    private final WorkerTally tally = new WorkerTally();
    private final AtomicBoolean broken = new AtomicBoolean();

    Working(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
    }

    WorkerResult work() {
        Settings settings = workspace.settings();
        Broker broker = settings.broker().orElseThrow();
        String name = name();
        long begun = workspace.clocks().nanos();
        try (var batch = new BatchHost(settings, "worker");
                var link = new BrokerLink(broker, workspace.store().location());
                var runs = new WorkerRun.Open(errand -> open(errand, batch));
                var pulse = new WorkerPulse(link, name)) {
            var worker = new UnitWorker(batch.repository(), name);
            List<String> queues = queues(link);
            context.notices()
                    .notice("takes units from %s, %d at a time"
                            .formatted(String.join(" and ", queues), settings.lanes()));
            inLanes(settings.lanes(), () -> {
                var lane = new WorkerLane(link, runs, worker, pulse, tally, context.notices()::notice);
                lane.work(queues, () -> context.stopRequested().getAsBoolean() || broken.get());
            });
        }
        double seconds = (workspace.clocks().nanos() - begun) / 1e9;
        return tally.result(name, seconds);
    }

    private WorkerRun open(Errand errand, BatchHost batch) {
        var run = new WorkerRun(workspace, errand, batch::steps);
        context.notices()
                .notice("works for run %s, %s %s"
                        .formatted(errand.run(), errand.isRestore() ? "restore of" : "backup", errand.backup()));
        return run;
    }

    private String name() {
        Holder here = Holder.ofThisProcess("", "", workspace.clocks().now());
        return here.host() + "/" + ProcessHandle.current().pid();
    }

    /** Every lane until it ends; the first that fails ends the others. */
    private void inLanes(int lanes, Runnable lane) {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
            for (int i = 0; i < lanes; i++) {
                all.add(threads.submit(() -> toItsEnd(lane)));
            }
        }
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (ExecutionException thrown) {
                throw Failure.orElse(thrown, () -> new IllegalStateException("a lane ended", thrown));
            } catch (InterruptedException thrown) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(thrown);
            }
        }
    }

    private void toItsEnd(Runnable lane) {
        boolean ended = false;
        try {
            lane.run();
            ended = true;
        } finally {
            if (!ended) {
                broken.set(true);
            }
        }
    }

    /** Of what there are secrets for; which replica sets they lead to, the servers say. */
    private List<String> queues(BrokerLink link) {
        List<String> queues = new ArrayList<>();
        if (workspace.settings().sourceUri() != null) {
            try (Deployment source = workspace.source()) {
                queues.add(link.queue(Errand.BACKUP, source.identity().replicaSetId()));
            }
        }
        if (workspace.settings().stagingUri() != null && !workspace.settings().ephemeralStaging()) {
            try (Deployment staging = workspace.staging()) {
                queues.add(link.queue(Errand.RESTORE, staging.identity().replicaSetId()));
            }
        }
        if (queues.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "neither source-uri nor staging-uri is set: this worker could take no unit",
                    "Set source-uri for units of backups, staging-uri for those of restores, or both.");
        }
        return queues;
    }
}
