package io.firedrill.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What people are told at once, in words that hold no secret.
 *
 * @param source the name in the store; empty where none is known; of a digest the programme
 * @param kind of the run, as records name it
 * @param outcome a word: FAILED, WARNED, ABORTED, INCONCLUSIVE, MISSED or OVERDUE; of a digest its numbers
 * @param exitCode of the run; -1 where there was no run, or its process ended without one
 * @param at when it ended, or was due
 * @param message what happened
 * @param hint what to do
 * @param record its key in the store; empty where there is none
 * @param count how many runs it is about; of a digest how many tasks are in the way
 * @param details lines beside the message, if there are any
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
        String record,
        int count,
        List<String> details) {
    public Notification {
        details = List.copyOf(details);
    }

    /** Of one run. */
    public Notification(
            Event event,
            String source,
            String kind,
            String outcome,
            int exitCode,
            Instant at,
            String message,
            String hint,
            String record) {
        this(event, source, kind, outcome, exitCode, at, message, hint, record, 1, List.of());
    }

    /** Why somebody is told. */
    public enum Event {
        /** A run ended otherwise than with 0. */
        FAILED,
        /** Runs were due and did not begin in time. */
        MISSED,
        /** Something is due, has not begun, and there is little time left. */
        OVERDUE,
        /** Nothing happened: it is how things stand, as somebody asked to be told now and then. */
        DIGEST;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first line of a message: what of which source, and how; how many, where there are several. */
    String title() {
        if (event == Event.DIGEST) {
            return "%s: %s of %s".formatted(outcome, kind, source);
        }
        return "%s%s%s %s%s"
                .formatted(
                        count == 1 ? "" : count + " × ",
                        kind,
                        source.isEmpty() ? "" : " of " + source,
                        outcome,
                        exitCode < 0 ? "" : " (exit code %d)".formatted(exitCode));
    }

    /** A text of others as a single line: without anything that would begin another, steer a terminal or turn the line around. */
    static String line(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    }
}
