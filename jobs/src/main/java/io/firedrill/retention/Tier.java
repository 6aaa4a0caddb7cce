package io.firedrill.retention;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** A rhythm in which backups stay: of each of its periods, in UTC, the last one. */
public enum Tier {
    HOURLY,
    DAILY,
    WEEKLY,
    MONTHLY;

    /** The beginning of the period that a moment lies in; weeks begin on Monday. */
    LocalDateTime periodOf(Instant moment) {
        LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
        return switch (this) {
            case HOURLY -> time.truncatedTo(ChronoUnit.HOURS);
            case DAILY -> day;
            case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTHLY -> day.withDayOfMonth(1);
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
