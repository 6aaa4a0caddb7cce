package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;

/** Both clocks in a test's hand. */
final class ManualTime {
    private Instant wall = Instant.parse("2026-11-14T10:00:00Z");
    private long nanos = 7_000_000_000L;

    Clocks clocks() {
        return new Clocks(() -> wall, () -> nanos);
    }

    Instant now() {
        return wall;
    }

    void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    void pass(double seconds) {
        pass(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    /** Someone sets the wall clock. */
    void jump(Duration by) {
        wall = wall.plus(by);
    }

    /** Another process: its monotonic clock has nothing to do with the last one's. */
    void newProcess() {
        nanos = -nanos * 3 + 11;
    }
}
