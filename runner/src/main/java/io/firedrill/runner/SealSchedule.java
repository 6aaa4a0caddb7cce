package io.firedrill.runner;

import java.time.Duration;
import java.time.Instant;

/** When a seal is due beside an archiver: so long after the newest in the store, whoever took it. Not safe for several threads. */
final class SealSchedule {
    /** After a first failure; the pause doubles with each further one, up to the interval. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Duration interval;
    private Instant due = Instant.MIN;
    private Duration pause = PAUSE;

    SealSchedule(Duration interval) {
        this.interval = interval;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /** What the store says is due: a seal that somebody else took counts like one of ours. */
    void newest(Instant sealed) {
        due = sealed.plus(interval);
    }

    /** One was taken, or there was nothing new to seal. */
    void done(Instant now) {
        due = now.plus(interval);
        pause = PAUSE;
    }

    void failed(Instant now) {
        due = now.plus(pause.compareTo(interval) < 0 ? pause : interval);
        pause = pause.multipliedBy(2);
    }
}
