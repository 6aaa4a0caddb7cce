package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import io.firedrill.job.UnitWorker;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lane of a worker: takes a unit, does it, tells what came of it. A unit leaves the queue in one transaction with its report,
 * so that another worker gets it if this one dies.
 */
final class WorkerLane {
    private static final long LOOK_MILLIS = 300;

    /** A unit that as many workers did not survive is not given to another. */
    private static final int DELIVERIES_MAX = 4;

    private final BrokerLink link;
    private final WorkerRun.Open runs;
    private final UnitWorker worker;
    private final WorkerPulse pulse;
    private final WorkerTally tally;
    private final Consumer<String> notice;

    WorkerLane(
            BrokerLink link,
            WorkerRun.Open runs,
            UnitWorker worker,
            WorkerPulse pulse,
            WorkerTally tally,
            Consumer<String> notice) {
        this.link = link;
        this.runs = runs;
        this.worker = worker;
        this.pulse = pulse;
        this.tally = tally;
        this.notice = notice;
    }

    /**
     * @param queues it takes units from
     * @param over asked between two units
     */
    void work(List<String> queues, BooleanSupplier over) {
        try (JMSContext session = link.session(JMSContext.SESSION_TRANSACTED)) {
            List<JMSConsumer> consumers = queues.stream()
                    .map(queue -> link.guarded(() -> session.createConsumer(session.createQueue(queue))))
                    .toList();
            while (!over.getAsBoolean()) {
                Optional<Message> message = link.guarded(() -> next(consumers));
                if (message.isEmpty()) {
                    runs.closeEnded();
                } else {
                    link.guarded(() -> {
                        answer(session, message.get());
                        session.commit();
                        return true;
                    });
                }
            }
        }
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

    private void answer(JMSContext session, Message message) {
        String body = BrokerLink.body(message);
        Optional<Task> wanted = Errand.task(body);
        Optional<Destination> asked = asked(message);
        if (wanted.isEmpty() || asked.isEmpty()) {
            notice.accept("a message in the queue of units is none of ours: left out");
            return;
        }
        Task task = wanted.get().delivered(deliveries(message));
        pulse.begun(task, asked.get());
        try {
            Report report = task.delivery() > DELIVERIES_MAX ? failed(task, abandoned(task)) : report(body, task);
            if (!isStale(report)) {
                tally.count(report);
                report.failure().ifPresent(thrown -> tell(task, thrown));
            }
            session.createProducer().send(asked.get(), UnitReports.write(report));
        } catch (InvalidDestinationRuntimeException _) {
            // The queue of reports ends with its run; the status in the job repository stands.
        } finally {
            pulse.ended(task);
        }
    }

    private Report report(String body, Task task) {
        try {
            Errand errand = Errand.of(body);
            WorkerRun run = runs.take(errand);
            try {
                return worker.work(task, errand.instance(), run.work(task.step()));
            } finally {
                runs.release(errand);
            }
        } catch (RuntimeException thrown) {
            return failed(task, thrown);
        }
    }

    /** What a run that is over had left in the queue is nobody's fault. */
    private static boolean isStale(Report report) {
        return report.failure()
                .flatMap(Failure::in)
                .filter(failure -> failure.kind() == FailureKind.LOCK_LOST)
                .isPresent();
    }

    private void tell(Task task, RuntimeException thrown) {
        notice.accept("unit %s of step '%s' failed: %s"
                .formatted(task.unit(), task.step(), Visible.of(String.valueOf(thrown.getMessage()))));
    }

    private Report failed(Task task, RuntimeException thrown) {
        return Report.failed(task.execution(), worker.name(), thrown);
    }

    private static Failure abandoned(Task task) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "unit %s of step '%s' was given to %d workers, and none came back"
                        .formatted(task.unit(), task.step(), task.delivery() - 1),
                "Look at why they ended: their memory, their machines.");
    }

    private static Optional<Destination> asked(Message message) {
        try {
            return Optional.ofNullable(message.getJMSReplyTo());
        } catch (JMSException _) {
            return Optional.empty();
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
