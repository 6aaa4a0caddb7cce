package io.firedrill.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists when runs were due by the schedules that one source had, one after another. */
final class SlotList {
    private final CronCalendar calendar;
    private final Period period;
    private final Instant now;

    SlotList(CronCalendar calendar, Period period, Instant now) {
        this.calendar = calendar;
        this.period = period;
        this.now = now;
    }

    /** @param history the oldest first */
    List<Slot> of(List<Schedule.Recorded> history) {
        var slots = new ArrayList<Slot>();
        for (int i = 0; i < history.size(); i++) {
            boolean newest = i == history.size() - 1;
            // What was due at the moment of a change belongs to the schedule that was in force by then.
            Instant end = newest ? now : earlier(now, history.get(i + 1).since().minusNanos(1));
            add(slots, history.get(i), earlier(end, period.until()));
        }
        return slots;
    }

    private void add(List<Slot> slots, Schedule.Recorded recorded, Instant end) {
        Schedule schedule = recorded.schedule();
        Instant begin = later(recorded.since(), beforePeriod(schedule));
        Map<Slot.Name, Slot> found = new LinkedHashMap<>();
        for (Schedule.Entry entry : schedule.entries()) {
            Optional<Instant> due = calendar.next(entry.cron(), begin.minusNanos(1));
            while (due.isPresent() && !due.get().isAfter(end)) {
                var slot = new Slot(schedule.source(), entry.kind(), entry.cron(), due.get(), schedule.grace());
                found.putIfAbsent(slot.name(), slot);
                due = calendar.next(entry.cron(), due.get());
            }
        }
        slots.addAll(found.values());
    }

    /** A run that met a slot just before the period can meet none in it. */
    private Instant beforePeriod(Schedule schedule) {
        return period.isAlways()
                ? Instant.MIN
                : period.from().minus(schedule.grace().multipliedBy(2));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
