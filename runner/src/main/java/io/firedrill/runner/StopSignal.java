package io.firedrill.runner;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells the run that it was asked to stop, and holds the JVM's shutdown until the run has.
 *
 * <p>The JVM itself then exits with 143 after SIGTERM and 130 after SIGINT, so nothing here ends the process: but for a run
 * that goes on until it is asked to stop, and has done all that it was to do then.
 */
final class StopSignal implements StopRequest {
    /** Just under the two minutes that Kubernetes is asked to wait before it kills. */
    private static final Duration PATIENCE = Duration.ofSeconds(110);

    /** How often is looked whether another signal has come. */
    private static final long LOOK_MILLIS = 50;

    /** For a run that was told to give up to leave its record. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Duration patience;
    private volatile Runnable asked = () -> {};
    private volatile Runnable hurried = () -> {};
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

    /** What was to be waited for before still is. */
    @Override
    public void takesUpTo(Duration time, Runnable whenAsked, Runnable whenHurried) {
        asked = whenAsked;
        hurried = whenHurried;
        patience = time.plus(PATIENCE);
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
        interrupt = handlers("SIGINT handler") > 0;
        requested = true;
        if (finished.getCount() > 0) {
            asked.run();
        }
        try {
            if (await(patience)) {
                return true;
            }
            hurried.run();
            // Without somebody to hurry there is nothing more to wait for.
            return finished.await(patience.compareTo(PATIENCE) > 0 ? GRACE.toMillis() : 0, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether it has ended before the time is over, and before another signal came. */
    private boolean await(Duration time) throws InterruptedException {
        for (long waited = 0; waited < time.toMillis() && !again(); waited += LOOK_MILLIS) {
            if (finished.await(Math.min(LOOK_MILLIS, time.toMillis()), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return finished.getCount() == 0;
    }

    /** The handlers of all signals wait for the shutdown that the first of them set off. */
    private static boolean again() {
        return handlers("SIGINT handler") + handlers("SIGTERM handler") > 1;
    }

    private static long handlers(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    /** The code that the JVM will exit with. */
    ExitCode exitCode() {
        return interrupt ? ExitCode.SIGINT : ExitCode.SIGTERM;
    }
}
