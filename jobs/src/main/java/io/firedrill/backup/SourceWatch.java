package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.ServerLoad;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the source's load once a second while a backup reads, and makes the gate as wide as the source can bear. */
public final class SourceWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Deployment written;
    private final Deployment read;
    private final LoadLimits limits;
    private final LoadGovernor governor;
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("source-watch").factory());
    private final Future<?> looking;
    private ServerLoad before;
    private int unanswered;

    /**
     * Begins to look.
     *
     * @param written the deployment whose primary the application writes to
     * @param read the member that the backup reads from; may be the same
     */
    public SourceWatch(Deployment written, Deployment read, LoadLimits limits, ReadGate gate) {
        this.written = written;
        this.read = read;
        this.limits = limits;
        this.governor = new LoadGovernor(gate);
        // Here, not in the background: a privilege that is missing has to be heard of.
        this.before = ServerLoad.of(written);
        ServerLoad.of(read);
        this.looking = clockwork.scheduleWithFixedDelay(
                this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        try {
            ServerLoad now = ServerLoad.of(written);
            ServerLoad reader = read == written ? now : ServerLoad.of(read);
            governor.looked(limits.exceeded(before, now, reader));
            before = now;
        } catch (Failure failure) {
            // Whoever reads meets the same failure and ends the run with it; a watch that cannot look only says so.
            unanswered++;
        }
    }

    /** What it came to, for the record. */
    public synchronized String effect() {
        String broken = looking.state() == Future.State.FAILED ? "; the watch broke: " + looking.exceptionNow() : "";
        return governor.effect()
                + broken
                + (unanswered == 0 ? "" : "; %d looks without an answer".formatted(unanswered));
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
    }
}
