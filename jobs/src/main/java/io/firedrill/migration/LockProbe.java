package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Trial.Moment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An application finds its own way to a database. Before anything is applied it is started once, through a proxy that leads to the
 * copy: its Mongock has to come by there for its lock. That it never gets, for by then it is killed.
 */
final class LockProbe {
    private static final long LOOK_MILLIS = 20;

    private final Rehearsing rehearsing;
    private final Change change;
    private final CountDownLatch came = new CountDownLatch(1);
    private final AtomicBoolean passed = new AtomicBoolean();

    LockProbe(Rehearsing rehearsing, Change change) {
        this.rehearsing = rehearsing;
        this.change = change;
    }

    /**
     * @param before where the copy is put back to, if the application wrote anything on its way
     * @throws Failure if Mongock did not come by
     */
    void run(Moment before) {
        TrialSubject subject = rehearsing.subject(change);
        try (WireProxy proxy = subject.withholdingLock(came::countDown, () -> passed.set(true));
                RunningChange running = subject.start(proxy)) {
            if (!isSeen(running)) {
                throw astray(running, proxy);
            }
            running.kill();
        }
        if (passed.get()) {
            rehearsing.putBack(before);
        }
    }

    private boolean isSeen(RunningChange running) {
        try {
            while (!came.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                rehearsing.checkpoint();
                if (!running.isAlive()) {
                    return came.getCount() == 0;
                }
            }
            return true;
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an application was started", thrown);
        }
    }

    private Failure astray(RunningChange running, WireProxy proxy) {
        String ended = howItEnded(running);
        // What could not be read may have been the lock.
        proxy.requireSound();
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the application's Mongock never came to the rehearsal's copy for its lock in '%s.%s': its process %s"
                        .formatted(rehearsing.database(), rehearsing.lockCollection(), ended),
                "If it makes its own client, name the variable by which it is told where to connect with --app-uri-env;"
                        + " what else it has to reach is named with --app-reach, another name of the lock with --lock-collection.");
    }

    private String howItEnded(RunningChange running) {
        try {
            return running.await().text();
        } catch (Failure failure) {
            rehearsing.rethrowIfOurs(failure);
            return "ended: " + failure.text();
        }
    }
}
