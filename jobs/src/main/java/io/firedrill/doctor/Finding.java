package io.firedrill.doctor;

import io.firedrill.failure.FailureKind;
import java.util.Optional;

/**
 * What came of one check.
 *
 * @param subject whom it was about: "source", "staging", "store", "broker", "repository", "firedrill"
 * @param seen what was seen, with the values; never a secret
 * @param hint a full sentence that says what to do; empty where nothing has to be done
 * @param kind what a run would fail with; of what was not looked at, why nobody could; of what is well, nothing
 */
public record Finding(Check check, String subject, State state, String seen, String hint, Optional<FailureKind> kind) {

    /** How it came out. */
    public enum State {
        OK,
        /** A run would do its work; somebody should look at it all the same. */
        WARN,
        /** A run would fail, or promise what it cannot keep. */
        FAIL,
        /** Nobody could look, for the reason that is told. */
        SKIPPED
    }
}
