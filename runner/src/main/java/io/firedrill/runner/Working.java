package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import io.firedrill.job.UnitWorker;
import io.firedrill.storage.Holder;
import jakarta.jms.Destination;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A worker: takes units of backups and restores that other processes run, lane by lane, until it is asked to stop; what it has in
 * hand then it ends. A unit leaves the queue in one transaction with its report, so that another worker gets it if this one dies.
 */
final class Working {
    private static final long LOOK_MILLIS = 300;

    /** A unit that as many workers did not survive is not given to another. */
    private static final int DELIVERIES_MAX = 4;

    private final RunContext context;
    private final Workspace workspace;
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean broken = new AtomicBoolean();

    Working(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
    }

    WorkerResult work() {
        Settings settings = workspace.settings();
        Broker broker = settings.broker().orElseThrow();
        long begun = workspace.clocks().nanos();
        try (var batch = new BatchHost(settings, "worker");
                var link = BrokerLink.open(broker, workspace.store().location());
                var runs = new WorkerRun.Open(errand -> open(errand, batch))) {
            var worker = new UnitWorker(batch.repository(), name());
            context.notices()
                    .notice("takes units from %s, %d at a time"
                            .formatted(String.join(" and ", queues(link)), settings.lanes()));
            inLanes(settings.lanes(), () -> lane(link, runs, worker));
        }
        double seconds = (workspace.clocks().nanos() - begun) / 1e9;
        return new WorkerResult(name(), units.get(), failed.get(), bytes.get(), seconds);
    }

    private WorkerRun open(Errand errand, BatchHost batch) {
        var run = new WorkerRun(workspace, errand, (steps, _) -> batch.steps(steps));
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
                all.add(threads.submit(lane));
            }
        }
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (ExecutionException thrown) {
                throw Failure.in(thrown)
                        .<RuntimeException>map(failure -> failure)
                        .orElseGet(() -> new IllegalStateException("a lane ended", thrown));
            } catch (InterruptedException thrown) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(thrown);
            }
        }
    }

    private void lane(BrokerLink link, WorkerRun.Open runs, UnitWorker worker) {
        boolean ended = false;
        try (JMSContext session = link.session(JMSContext.SESSION_TRANSACTED)) {
            List<JMSConsumer> consumers = queues(link).stream()
                    .map(queue -> link.guarded(() -> session.createConsumer(session.createQueue(queue))))
                    .toList();
            while (!context.stopRequested().getAsBoolean() && !broken.get()) {
                Optional<Message> message = link.guarded(() -> next(consumers));
                if (message.isPresent()) {
                    answer(session, message.get(), runs, worker);
                    link.guarded(() -> {
                        session.commit();
                        return true;
                    });
                }
            }
            ended = true;
        } finally {
            if (!ended) {
                broken.set(true);
            }
        }
    }

    /** What there are secrets for. */
    private List<String> queues(BrokerLink link) {
        List<String> queues = new ArrayList<>();
        if (workspace.settings().sourceUri() != null) {
            queues.add(link.queue(false));
        }
        if (workspace.settings().stagingUri() != null && !workspace.settings().ephemeralStaging()) {
            queues.add(link.queue(true));
        }
        if (queues.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "neither source-uri nor staging-uri is set: this worker could take no unit",
                    "Set source-uri for units of backups, staging-uri for those of restores, or both.");
        }
        return queues;
    }

    private static Optional<Message> next(List<JMSConsumer> consumers) {
        for (JMSConsumer consumer : consumers) {
            @Nullable Message message = consumer.receiveNoWait();
            if (message != null) {
                return Optional.of(message);
            }
        }
        return Optional.ofNullable(consumers.getFirst().receive(LOOK_MILLIS));
    }

    private void answer(JMSContext session, Message message, WorkerRun.Open runs, UnitWorker worker) {
        String body = BrokerLink.body(message);
        Optional<Task> wanted = Errand.task(body);
        if (wanted.isEmpty()) {
            context.notices().notice("a message in the queue of units is none of ours: left out");
            return;
        }
        Task task = wanted.get();
        Report report = deliveries(message) > DELIVERIES_MAX
                ? abandoned(task, deliveries(message))
                : report(body, task, runs, worker);
        units.incrementAndGet();
        bytes.addAndGet(report.bytes());
        report.failure().ifPresent(thrown -> {
            failed.incrementAndGet();
            context.notices()
                    .notice("unit %s of step '%s' failed: %s"
                            .formatted(task.unit(), task.step(), Visible.of(String.valueOf(thrown.getMessage()))));
        });
        send(session, message, report);
    }

    private Report report(String body, Task task, WorkerRun.Open runs, UnitWorker worker) {
        try {
            Errand errand = Errand.of(body);
            WorkerRun run = runs.take(errand);
            try {
                return worker.work(task, run.work(task.step()));
            } finally {
                runs.release(errand);
            }
        } catch (RuntimeException thrown) {
            return new Report(task.execution(), name(), "", 0, Optional.of(thrown));
        }
    }

    private Report abandoned(Task task, int deliveries) {
        return new Report(
                task.execution(),
                name(),
                "",
                0,
                Optional.of(new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        "unit %s of step '%s' was given to %d workers, and none came back"
                                .formatted(task.unit(), task.step(), deliveries - 1),
                        "Look at why they ended: their memory, their machines.")));
    }

    /** Whoever asked may be gone; then nobody wants to know. */
    private static void send(JMSContext session, Message message, Report report) {
        try {
            @Nullable Destination asked = message.getJMSReplyTo();
            if (asked != null) {
                session.createProducer().send(asked, UnitReports.write(report));
            }
        } catch (JMSException | JMSRuntimeException _) {
            // The queue of reports ends with its run; the status in the job repository stands.
        }
    }

    private static int deliveries(Message message) {
        try {
            return message.getIntProperty("JMSXDeliveryCount");
        } catch (JMSException _) {
            return 1;
        }
    }
}
