package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.report.Shape.Anchor;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A field for each day, a column for each week: the worst that became of the day's drills. */
final class CalendarChart {
    static final int WEEKS_MAX = 54;

    private static final double LEFT = 34;
    private static final double TOP = 20;
    private static final double FIELD_MAX = 22;
    private static final double GAP = 0.14;
    private static final int DAYS = 7;

    /** From what has to be looked at first. */
    private static final List<Outcome> WORST = List.of(
            Outcome.FAILED, Outcome.MISSED, Outcome.INCONCLUSIVE, Outcome.ABORTED, Outcome.WARNED, Outcome.PASSED);

    private final Map<LocalDate, PeriodFacts.Day> days = new HashMap<>();
    private final LocalDate first;
    private final LocalDate last;
    private final LocalDate monday;
    private final double field;
    private final List<Shape> shapes = new ArrayList<>();

    private CalendarChart(PeriodFacts.Span period, List<PeriodFacts.Day> calendar) {
        calendar.forEach(day -> days.put(day.day(), day));
        this.last = period.until().minusMillis(1).atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate from = period.from().atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate earliest = last.minusWeeks(WEEKS_MAX - 1L).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        this.first = from.isBefore(earliest) ? earliest : from;
        this.monday = first.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        this.field = Math.min(FIELD_MAX, (Chart.WIDTH - LEFT) / (column(last) + 1));
    }

    static Chart of(PeriodFacts.Span period, List<PeriodFacts.Day> calendar) {
        return new CalendarChart(period, calendar).chart();
    }

    /** Whether the period is longer than the chart. */
    static boolean isCut(PeriodFacts.Span period) {
        return ChronoUnit.WEEKS.between(
                        period.from().atZone(ZoneOffset.UTC), period.until().atZone(ZoneOffset.UTC))
                >= WEEKS_MAX;
    }

    private long column(LocalDate day) {
        return ChronoUnit.WEEKS.between(monday, day);
    }

    private Chart chart() {
        for (int row = 0; row < DAYS; row += 2) {
            String name = DayOfWeek.of(row + 1).getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            shapes.add(new Shape.Label(LEFT - 6, TOP + row * field + field * 0.7, name, Anchor.END, Ink.SOFT));
        }
        double free = 0;
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            double x = LEFT + column(day) * field;
            if ((day.equals(first) || day.getDayOfMonth() == 1) && x >= free) {
                String name = day.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
                shapes.add(new Shape.Label(x, TOP - 8, name, Anchor.START, Ink.SOFT));
                free = x + 26;
            }
            field(day, x, TOP + (day.getDayOfWeek().getValue() - 1) * field);
        }
        String words =
                "A field for each day with a sign for the worst that became of its drills: %d of %d days have any."
                        .formatted(days.size(), ChronoUnit.DAYS.between(first, last) + 1);
        return new Chart("calendar", "Drills by day", words, Chart.WIDTH, TOP + DAYS * field + 6, shapes, keys());
    }

    private void field(LocalDate day, double x, double y) {
        double side = field * (1 - GAP);
        PeriodFacts.@Nullable Day drills = days.get(day);
        String title = day + ": " + (drills == null ? "no drill" : words(drills));
        shapes.add(new Shape.Box(x, y, side, side, Ink.TRACK, title));
        if (drills != null) {
            shapes.add(new Shape.Mark(x + side / 2, y + side / 2, side * 0.3, worst(drills), title));
        }
    }

    /** Where nothing worse happened, a drill of the whole shows what one of a part does not. */
    private static Sign worst(PeriodFacts.Day day) {
        Map<Outcome, Integer> drills = day.drills();
        int good = drills.getOrDefault(Outcome.PASSED, 0) + drills.getOrDefault(Outcome.WARNED, 0);
        boolean onlyGood = drills.values().stream().mapToInt(count -> count).sum() == good;
        return onlyGood && day.parts() == good ? Sign.PART : worst(drills);
    }

    private static Sign worst(Map<Outcome, Integer> drills) {
        return Sign.of(WORST.stream()
                .filter(outcome -> drills.getOrDefault(outcome, 0) > 0)
                .findFirst()
                .orElse(Outcome.INCONCLUSIVE));
    }

    private static String words(PeriodFacts.Day day) {
        String parts = day.parts() == 0 ? "" : "; %d of a part only".formatted(day.parts());
        return words(day.drills()) + parts;
    }

    private static String words(Map<Outcome, Integer> drills) {
        return drills.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> each.getValue() + " " + Sign.of(each.getKey()).words())
                .collect(Collectors.joining(", "));
    }

    private List<Chart.Key> keys() {
        var keys = new ArrayList<>(days.values().stream()
                .map(CalendarChart::worst)
                .distinct()
                .sorted()
                .map(Chart.Key::of)
                .toList());
        keys.add(Chart.Key.of("no drill", Ink.TRACK));
        return keys;
    }
}
