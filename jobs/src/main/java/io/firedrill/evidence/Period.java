package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stretch of the calendar in UTC, from its first moment up to the first after it: a year, quarter, month, day, or range. */
public record Period(String name, Instant from, Instant until) {
    /** Everything there is. */
    public static final Period ALWAYS = new Period("always", Instant.MIN, Instant.MAX);

    private static final Pattern FORM = Pattern.compile("(\\d{4})(?:-Q([1-4])|-(\\d{2})(?:-(\\d{2}))?)?");

    private static final Pattern RANGE = Pattern.compile("([^/]+)/([^/]+)");

    /** Reads "2026", "2026-Q4", "2026-11", "2026-11-28", or two of them with a slash between: from the one to the end of the other. */
    public static Period of(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return single(text);
        }
        var whole = new Period(
                text, single(range.group(1)).from(), single(range.group(2)).until());
        if (!whole.from().isBefore(whole.until())) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the period '%s' ends before it begins".formatted(text),
                    "Give the earlier day first: 2026-11-01/2026-11-15.");
        }
        return whole;
    }

    private static Period single(String text) {
        Matcher form = FORM.matcher(text);
        try {
            if (form.matches()) {
                LocalDate year = LocalDate.of(Integer.parseInt(form.group(1)), 1, 1);
                if (form.group(2) != null) {
                    LocalDate first = year.withMonth(Integer.parseInt(form.group(2)) * 3 - 2);
                    return between(text, first, first.plusMonths(3));
                }
                if (form.group(4) != null) {
                    LocalDate day = LocalDate.parse(text);
                    return between(text, day, day.plusDays(1));
                }
                if (form.group(3) != null) {
                    LocalDate first = year.withMonth(Integer.parseInt(form.group(3)));
                    return between(text, first, first.plusMonths(1));
                }
                return between(text, year, year.plusYears(1));
            }
        } catch (DateTimeException _) {
            // A month of 13 or a 30th of February is no period either.
        }
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "'%s' is no period".formatted(text),
                "Give a year, a quarter, a month or a day: 2026, 2026-Q4, 2026-11 or 2026-11-28; or two with a slash between.");
    }

    private static Period between(String name, LocalDate first, LocalDate after) {
        return new Period(
                name,
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                after.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    public boolean has(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(until);
    }

    public boolean isAlways() {
        return equals(ALWAYS);
    }
}
