package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.MemberLag;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Watches how far the secondaries fall behind while a change is at work. */
public final class LagWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final long END_SECONDS_MAX = 10;
    private static final long UNKNOWN = -1;

    private final MemberLag lag;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lag-watch").factory());
    private volatile long now = UNKNOWN;
    private volatile long worst = UNKNOWN;

    /**
     * @param lag that only this watch asks, and closes in the end
     */
    public LagWatch(MemberLag lag) {
        this.lag = lag;
        var _ = looks.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whatever cannot be told now is told by the next look; a watch ends no change. */
    private void look() {
        try {
            now = lag.seconds().orElse(UNKNOWN);
            worst = Math.max(worst, now);
        } catch (Failure _) {
            now = UNKNOWN;
        }
    }

    /** Seconds that the last secondary is behind; empty where none answers. */
    public OptionalLong now() {
        return told(now);
    }

    /** The most that was seen, after one more look: what was written last is still on its way. */
    public OptionalLong end() {
        looks.execute(this::look);
        close();
        return told(worst);
    }

    private static OptionalLong told(long seconds) {
        return seconds == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(seconds);
    }

    @Override
    public void close() {
        looks.shutdown();
        try {
            // A member that has gone is waited for no longer than this; then its connection is closed under the look.
            if (!looks.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                looks.shutdownNow();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        lag.close();
    }
}
