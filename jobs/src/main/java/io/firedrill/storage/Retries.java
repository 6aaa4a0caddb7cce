package io.firedrill.storage;

import io.firedrill.failure.Failure;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Tries again what may pass: a bounded number of times, after waits that grow exponentially and are fully jittered. */
final class Retries {
    private static final int ATTEMPTS_MAX = 8;
    private static final Duration FIRST_WAIT_MAX = Duration.ofMillis(200);
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private final Sleeper sleeper;

    Retries(RandomGenerator random, Sleeper sleeper) {
        this.random = random;
        this.sleeper = sleeper;
    }

    /** Runs the attempt until it answers, fails for good, or has been tried often enough. */
    <T> T run(Supplier<T> attempt) {
        for (int tries = 1; ; tries++) {
            try {
                return attempt.get();
            } catch (TransientFault fault) {
                waitOrGiveUp(tries, fault);
            }
        }
    }

    /** Waits before the next try; throws the failure behind the fault when there is to be none. */
    void waitOrGiveUp(int tries, TransientFault fault) {
        if (tries >= ATTEMPTS_MAX) {
            throw new Failure(
                    fault.failure().kind(),
                    "%s (tried %d times)".formatted(fault.failure().text(), tries),
                    fault.failure().hint(),
                    fault);
        }
        sleeper.sleep(waitAfter(tries));
    }

    private Duration waitAfter(int tries) {
        long most = Math.min(FIRST_WAIT_MAX.toMillis() << (tries - 1), WAIT_MAX.toMillis());
        return Duration.ofMillis(random.nextLong(most + 1));
    }
}
