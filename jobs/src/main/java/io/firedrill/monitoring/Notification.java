package io.firedrill.monitoring;

import java.time.Instant;
import java.util.Locale;

/**
 * What people are told at once, in words that hold no secret.
 *
 * @param source the name in the store; empty where none is known
 * @param kind of the run, as records name it
 * @param outcome a word: FAILED, WARNED, ABORTED, INCONCLUSIVE, MISSED or OVERDUE
 * @param exitCode of the run; -1 where there was no run, or its process ended without one
 * @param at when it ended, or was due
 * @param message what happened
 * @param hint what to do
 * @param record its key in the store; empty where there is none
 */
public record Notification(
        Event event,
        String source,
        String kind,
        String outcome,
        int exitCode,
        Instant at,
        String message,
        String hint,
        String record) {

    /** Why somebody is told. */
    public enum Event {
        /** A run ended otherwise than with 0. */
        FAILED,
        /** Runs were due and did not begin in time. */
        MISSED,
        /** Something is due, has not begun, and there is little time left. */
        OVERDUE;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first line of a message: what of which source, and how. */
    String title() {
        return "%s%s %s%s"
                .formatted(
                        kind,
                        source.isEmpty() ? "" : " of " + source,
                        outcome,
                        exitCode < 0 ? "" : " (exit code %d)".formatted(exitCode));
    }
}
