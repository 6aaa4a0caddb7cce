package io.firedrill.report;

import io.firedrill.report.Shape.Anchor;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The days of a period along the foot of a chart. */
final class TimeAxis {
    private static final int DAYS_BY_DAY = 16;
    private static final int DAYS_BY_WEEK = 70;
    private static final int DAYS_BY_MONTH = 400;
    private static final DateTimeFormatter HOUR = format("HH:mm");
    private static final DateTimeFormatter DAY = format("d MMM");
    private static final int DAYS_NAMING_YEAR = 200;
    private static final DateTimeFormatter MONTH = format("MMM");
    private static final DateTimeFormatter MONTH_OF_YEAR = format("MMM uuuu");
    private static final DateTimeFormatter YEAR = format("uuuu");

    private final PeriodFacts.Span span;
    private final double left;
    private final double width;

    TimeAxis(PeriodFacts.Span span, double left, double width) {
        this.span = span;
        this.left = left;
        this.width = width;
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    double x(Instant moment) {
        double whole = Duration.between(span.from(), span.until()).toMillis();
        double share = Duration.between(span.from(), moment).toMillis() / whole;
        return left + width * Math.max(0, Math.min(1, share));
    }

    /** Lines from the top of the chart down to its foot, and what they stand for under them. */
    List<Shape> marks(double top, double foot) {
        var shapes = new ArrayList<Shape>();
        DateTimeFormatter format = format();
        double free = 0;
        for (Instant tick = first(); tick.isBefore(span.until()); tick = next(tick)) {
            double x = x(tick);
            shapes.add(new Shape.Line(x, top, x, foot, Ink.LINE, false));
            if (x >= free && x <= left + width - 24) {
                shapes.add(new Shape.Label(x, foot + 14, format.format(tick), Anchor.START, Ink.SOFT));
                free = x + 44;
            }
        }
        return shapes;
    }

    private long days() {
        return Duration.between(span.from(), span.until()).toDays();
    }

    private DateTimeFormatter format() {
        if (days() <= 1) {
            return HOUR;
        }
        if (days() <= DAYS_BY_WEEK) {
            return DAY;
        }
        return days() <= DAYS_NAMING_YEAR ? MONTH_OF_YEAR : days() <= DAYS_BY_MONTH ? MONTH : YEAR;
    }

    /** Weeks begin on Monday; years, months and days are where periods begin anyway, or right after. */
    private Instant first() {
        LocalDate day = span.from().atZone(ZoneOffset.UTC).toLocalDate();
        if (days() > DAYS_BY_DAY && days() <= DAYS_BY_WEEK) {
            day = day.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
        } else if (days() > DAYS_BY_MONTH) {
            day = day.getDayOfYear() == 1 ? day : day.with(TemporalAdjusters.firstDayOfNextYear());
        } else if (days() > DAYS_BY_WEEK) {
            day = day.getDayOfMonth() == 1 ? day : day.with(TemporalAdjusters.firstDayOfNextMonth());
        }
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private Instant next(Instant tick) {
        LocalDateTime at = LocalDateTime.ofInstant(tick, ZoneOffset.UTC);
        LocalDateTime next;
        if (days() <= 1) {
            next = at.plusHours(4);
        } else if (days() <= DAYS_BY_WEEK) {
            next = at.plusDays(days() <= DAYS_BY_DAY ? 1 : 7);
        } else {
            next = days() <= DAYS_BY_MONTH ? at.plusMonths(1) : at.plusYears(1);
        }
        return next.toInstant(ZoneOffset.UTC);
    }
}
