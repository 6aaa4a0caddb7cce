package io.firedrill.runner;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as people write them ({@code 1h30m}, {@code 90s}, {@code 50ms}) and as ISO-8601 does ({@code PT15M}). */
final class Durations {
    private static final Pattern PEOPLE =
            Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

    private Durations() {}

    /** The duration, or nothing if the text is none or not above zero. */
    static Optional<Duration> parse(String text) {
        try {
            Duration duration = text.toUpperCase(Locale.ROOT).startsWith("P") ? Duration.parse(text) : ofPeople(text);
            return duration.isPositive() ? Optional.of(duration) : Optional.empty();
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Duration ofPeople(String text) {
        Matcher matcher = PEOPLE.matcher(text);
        if (!matcher.matches()) {
            return Duration.ZERO;
        }
        return Duration.ofDays(number(matcher, 1))
                .plus(Duration.ofHours(number(matcher, 2)))
                .plus(Duration.ofMinutes(number(matcher, 3)))
                .plus(Duration.ofSeconds(number(matcher, 4)))
                .plus(Duration.ofMillis(number(matcher, 5)));
    }

    private static long number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
