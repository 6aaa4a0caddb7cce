package io.firedrill.runner;

import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Says every minute that somebody is at the units in hand: a large one takes its time, and whoever waits for it is to know.
 * In a session of its own, since what a lane says is heard only when its unit has ended.
 */
final class WorkerPulse implements AutoCloseable {
    private static final long BEAT_SECONDS = 60;

    private final BrokerLink link;
    private final String worker;
    private final Map<Long, Destination> inHand = new ConcurrentHashMap<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();

    WorkerPulse(BrokerLink link, String worker) {
        this.link = link;
        this.worker = worker;
        var _ = beats.scheduleAtFixedRate(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Until it is {@link #ended}. */
    void begun(Task task, Destination asked) {
        inHand.put(task.execution(), asked);
    }

    void ended(Task task) {
        inHand.remove(task.execution());
    }

    private void beat() {
        inHand.forEach((execution, asked) -> {
            try (JMSContext session = link.session(JMSContext.AUTO_ACKNOWLEDGE)) {
                session.createProducer().send(asked, UnitReports.write(Report.working(execution, worker)));
            } catch (RuntimeException _) {
                // Whoever asked is gone, or the broker is: then the lane will find out.
            }
        });
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
