package io.firedrill.readiness;

import io.firedrill.evidence.Proof;
import java.time.Instant;
import java.util.Optional;

/**
 * What a selector found.
 *
 * @param reason why it does not hold; empty if it does
 * @param until when what was found will be too old; empty where it does not age
 */
public record Finding(String selector, Result result, String reason, Optional<Proof> proof, Optional<Instant> until) {
    /** Whether what was asked for is there. */
    public enum Result {
        HOLDS,
        /** It was there, and is too old by now. */
        STALE,
        /** It is not there, or it could not be looked at. */
        MISSING
    }

    static Finding holds(Selector selector, Proof proof, Optional<Instant> until) {
        return new Finding(selector.words(), Result.HOLDS, "", Optional.of(proof), until);
    }

    static Finding stale(Selector selector, String reason) {
        return new Finding(selector.words(), Result.STALE, reason, Optional.empty(), Optional.empty());
    }

    static Finding missing(Selector selector, String reason) {
        return new Finding(selector.words(), Result.MISSING, reason, Optional.empty(), Optional.empty());
    }

    public boolean holds() {
        return result == Result.HOLDS;
    }
}
