package io.firedrill.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A migration tool's lock as the database has it.
 *
 * @param holder empty where the tool does not say
 * @param since when it was taken; empty where that cannot be told
 * @param expiresAt empty where it never does
 * @param serverTime the server's clock when it was read, by which live and stale are told apart
 * @param skew how far this machine's clock is ahead of the server's; negative: behind
 */
public record LockState(
        String holder, Optional<Instant> since, Optional<Instant> expiresAt, Instant serverTime, Duration skew) {

    /** Whether its holder may still be at work, by the server's clock. */
    public boolean isLive() {
        return expiresAt.map(serverTime::isBefore).orElse(true);
    }

    /** How long it has been held. */
    public Optional<Duration> age() {
        return since.map(taken -> Duration.between(taken, serverTime));
    }
}
