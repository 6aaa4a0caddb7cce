package io.firedrill.backup;

import io.firedrill.mongo.ServerLoad;
import java.time.Duration;
import java.util.Optional;

/**
 * What a source can bear.
 *
 * @param writeLatency average of a second's writes above which it cannot; empty never looks at it
 */
public record LoadLimits(Optional<Duration> writeLatency) {
    /** At 0.2 the server makes its clients write the cache to disk, and everybody waits. */
    private static final double CACHE_DIRTY_MAX = 0.15;

    private static final double READ_TICKETS_MIN = 0.1;

    /**
     * Says what is too much.
     *
     * @param before an earlier look at the server that was written to
     * @param now its present state
     * @param read the server that is read from, which may be another
     * @return the reason, or nothing where all is well
     */
    public Optional<String> exceeded(ServerLoad before, ServerLoad now, ServerLoad read) {
        long writes = now.writes() - before.writes();
        double millis = writes > 0 ? (now.writeMicros() - before.writeMicros()) / 1000.0 / writes : 0;
        if (writeLatency.isPresent() && millis > writeLatency.get().toMillis()) {
            return Optional.of("writes take %.0f ms".formatted(millis));
        }
        if (read.cacheDirty() > CACHE_DIRTY_MAX) {
            return Optional.of("%.0f %% of the cache are dirty".formatted(100 * read.cacheDirty()));
        }
        if (read.readTickets() < READ_TICKETS_MIN) {
            return Optional.of("only %.0f %% of the read tickets are free".formatted(100 * read.readTickets()));
        }
        return Optional.empty();
    }
}
