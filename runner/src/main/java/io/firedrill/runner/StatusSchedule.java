package io.firedrill.runner;

import io.firedrill.evidence.CronCalendar;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.Population;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was due lately and what is due next, by the schedule that is in force. */
final class StatusSchedule {
    private static final Duration LATELY = Duration.ofDays(30);

    private final CronCalendar calendar = new UnixCron();
    private final Optional<Schedule> set;
    private final List<RunTrace> traces;
    private final Instant now;
    private final Population population;

    StatusSchedule(Optional<Schedule> set, List<RunTrace> recorded, List<RunLog> open, Instant now) {
        this.set = set;
        this.now = now;
        this.traces = new ArrayList<>(recorded);
        open.forEach(run -> traces.add(RunTrace.of(run)));
        var lately = new Period("lately", now.minus(LATELY), now.plusNanos(1));
        this.population = Population.of(traces, calendar, lately, now);
    }

    /** Whether a schedule is set that no record holds yet, so that nothing can be missed by it. */
    boolean isUnrecorded() {
        return set.filter(schedule -> !Population.isInForce(traces, schedule)).isPresent();
    }

    /** Slots of the last thirty days at which nothing began in time, the oldest first. */
    List<Population.Judged> missed() {
        return population.missed();
    }

    /** Slots at which nothing has begun yet, with less than half of their grace left. */
    List<Population.Judged> late() {
        return population.slots().stream()
                .filter(each -> each.state() == Population.State.DUE)
                .filter(each ->
                        now.isAfter(each.slot().due().plus(each.slot().grace().dividedBy(2))))
                .toList();
    }

    /** Of each entry: when it is due next, and what became of it last. */
    List<StatusResult.DueRun> due() {
        List<Schedule> schedules = set.map(List::of).orElseGet(() -> Population.inForce(traces));
        return schedules.stream()
                .flatMap(schedule -> schedule.entries().stream().map(entry -> due(schedule, entry)))
                .toList();
    }

    private StatusResult.DueRun due(Schedule schedule, Schedule.Entry entry) {
        List<Population.Judged> slots = population.slots().stream()
                .filter(each -> each.slot().source().equals(schedule.source())
                        && each.slot().kind() == entry.kind()
                        && each.slot().cron().equals(entry.cron()))
                .toList();
        return new StatusResult.DueRun(
                schedule.source(),
                entry.kind().word(),
                entry.cron(),
                calendar.next(entry.cron(), now).orElse(null),
                last(slots),
                slots.stream()
                        .filter(each -> each.state() == Population.State.MISSED)
                        .count());
    }

    /** How the newest run ended that was due, or that it was missed; empty if none was due yet. */
    private static String last(List<Population.Judged> slots) {
        return slots.reversed().stream()
                .filter(each -> each.state() != Population.State.DUE)
                .findFirst()
                .map(each -> each.outcome()
                        .map(outcome -> outcome.name())
                        .orElse(each.state() == Population.State.MISSED ? "MISSED" : "UNDER WAY"))
                .orElse("");
    }
}
