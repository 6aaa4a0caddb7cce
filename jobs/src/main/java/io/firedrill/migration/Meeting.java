package io.firedrill.migration;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where two runners wait for each other: at their first write to the tool's lock. By then each has looked whether it is free, so a tool
 * that looks first and takes it then lets both in. Left to chance, they would hardly ever meet there.
 */
final class Meeting {
    private final CountDownLatch both = new CountDownLatch(2);
    private final AtomicBoolean missed = new AtomicBoolean();
    private final Duration patience;

    /**
     * @param patience how long the first waits for the second
     */
    Meeting(Duration patience) {
        this.patience = patience;
    }

    /** One of the two. */
    Guest guest() {
        return new Guest();
    }

    /** Whether they were there at the same time. */
    boolean tookPlace() {
        return both.getCount() == 0 && !missed.get();
    }

    /** A runner at the meeting; it comes once, and passes ever after. */
    final class Guest {
        private final AtomicBoolean came = new AtomicBoolean();

        private Guest() {}

        void arrive() throws InterruptedException {
            if (!came.compareAndSet(false, true)) {
                return;
            }
            both.countDown();
            if (!both.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                missed.set(true);
            }
        }
    }
}
