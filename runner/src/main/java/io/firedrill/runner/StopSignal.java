package io.firedrill.runner;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells the run that it was asked to stop, and holds the JVM's shutdown until the run has.
 *
 * <p>The JVM itself then exits with 143 after SIGTERM and 130 after SIGINT, so nothing here ends the process: but for a run
 * that goes on until it is asked to stop, and has done all that it was to do then.
 */
final class StopSignal implements BooleanSupplier {
    /** Just under the two minutes that Kubernetes is asked to wait before it kills. */
    private static final Duration PATIENCE = Duration.ofSeconds(110);

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Duration patience;
    private volatile boolean requested;
    private volatile boolean interrupt;
    private volatile boolean ordinary;
    private volatile int code;

    StopSignal() {
        this(PATIENCE);
    }

    StopSignal(Duration patience) {
        this.patience = patience;
    }

    /** A signal that the JVM's shutdown sets off. */
    static StopSignal installed() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::shutDown, "stop-signal"));
        return signal;
    }

    private void shutDown() {
        if (stop() && ordinary) {
            // The only way to another exit code than the signal's.
            Runtime.getRuntime().halt(code);
        }
    }

    /** From now on to be asked to stop is how the run is meant to end: its own exit code tells how it went. */
    void isOrdinaryEnd() {
        ordinary = true;
    }

    boolean requested() {
        return requested;
    }

    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** The run has ended and said what it had to say; a shutdown may go on. */
    void finished(int exitCode) {
        code = exitCode;
        finished.countDown();
    }

    /** Asks the run to stop and waits until it has, but not for ever; true if it has. */
    boolean stop() {
        // The JVM does not say which signal it got, but handles each in a thread named after it.
        interrupt = Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("SIGINT handler"));
        requested = true;
        try {
            return finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The code that the JVM will exit with. */
    ExitCode exitCode() {
        return interrupt ? ExitCode.SIGINT : ExitCode.SIGTERM;
    }
}
