package io.firedrill.doctor;

import io.firedrill.failure.FailureKind;
import java.time.Duration;

/** Whether a clock and ours tell the same: leases, schedules and recovery points are told by them. */
final class ClockCheck {
    static final Duration WARN = Duration.ofSeconds(2);
    static final Duration FAIL = Duration.ofMinutes(1);

    private ClockCheck() {}

    /**
     * Judges.
     *
     * @param ahead how far the other clock is ahead of ours
     * @param within how well that is known: what this could explain is no fault
     */
    static void judge(Findings findings, String whose, Duration ahead, Duration within) {
        String seen = "the clock of %s is %s ahead of ours, to %s".formatted(whose, seconds(ahead), seconds(within));
        Duration atLeast = ahead.abs().minus(within);
        String hint = "Set both clocks by NTP; other clocks that are compared here tell which one is off.";
        if (atLeast.compareTo(FAIL) > 0) {
            findings.fail(Check.CLOCK, FailureKind.CONFIGURATION_INVALID, seen, hint);
        } else if (atLeast.compareTo(WARN) > 0) {
            findings.warn(Check.CLOCK, FailureKind.CONFIGURATION_INVALID, seen, hint);
        } else {
            findings.ok(Check.CLOCK, seen);
        }
    }

    private static String seconds(Duration duration) {
        return "%.3f s".formatted(duration.toMillis() / 1e3);
    }
}
