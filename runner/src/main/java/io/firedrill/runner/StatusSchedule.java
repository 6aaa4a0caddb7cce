package io.firedrill.runner;

import io.firedrill.evidence.CronCalendar;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.Population;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was due lately and what is due next, by the schedule that is in force. */
final class StatusSchedule {
    static final Duration LATELY = Duration.ofDays(30);
    /** What was due only on a 29th of February may have been so eight years ago. */
    private static final Duration LONG_AGO = Duration.ofDays(3_700);

    private final CronCalendar calendar = new UnixCron();
    private final Optional<Schedule> set;
    private final List<RunTrace> traces;
    private final Instant now;
    private final Population lately;
    private final List<Looked> entries;

    /** An entry of the schedule, and the slots of it that are looked at: those of late, else the newest before. */
    private record Looked(Schedule schedule, Schedule.Entry entry, List<Population.Judged> slots) {
        /** The newest that nobody can begin in time any more, or somebody has begun. */
        Optional<Population.Judged> newest() {
            return slots.reversed().stream()
                    .filter(each -> each.state() != Population.State.DUE)
                    .findFirst();
        }
    }

    StatusSchedule(Optional<Schedule> set, List<RunTrace> recorded, List<RunLog> open, Instant now) {
        this.set = set;
        this.now = now;
        this.traces = new ArrayList<>(recorded);
        open.forEach(run -> traces.add(RunTrace.of(run)));
        this.lately = since(now.minus(LATELY));
        this.entries = inForce().stream()
                .flatMap(schedule -> schedule.entries().stream().map(entry -> look(schedule, entry)))
                .toList();
    }

    private List<Schedule> inForce() {
        return set.map(List::of).orElseGet(() -> Population.inForce(traces));
    }

    private Population since(Instant from) {
        return in(from, now.plusNanos(1));
    }

    private Population in(Instant from, Instant until) {
        return Population.of(traces, calendar, new Period("lately", from, until), now);
    }

    private Looked look(Schedule schedule, Schedule.Entry entry) {
        var looked = new Looked(schedule, entry, of(schedule, entry, lately));
        if (looked.newest().isPresent()) {
            return looked;
        }
        List<Population.Judged> before = dueBefore(entry.cron(), now.minus(LATELY))
                .map(due -> of(schedule, entry, in(due, due.plusNanos(1))))
                .orElse(List.of());
        return new Looked(
                schedule,
                entry,
                Stream.concat(before.stream(), looked.slots().stream()).toList());
    }

    private static List<Population.Judged> of(Schedule schedule, Schedule.Entry entry, Population population) {
        return population.slots().stream()
                .filter(each -> each.slot().source().equals(schedule.source())
                        && each.slot().kind() == entry.kind()
                        && each.slot().cron().equals(entry.cron()))
                .toList();
    }

    /** The last time it was due before then: a calendar only knows what comes next. */
    private Optional<Instant> dueBefore(String cron, Instant end) {
        for (Duration back = LATELY; back.compareTo(LONG_AGO) < 0; back = back.multipliedBy(2)) {
            Optional<Instant> due = calendar.next(cron, end.minus(back)).filter(end::isAfter);
            if (due.isPresent()) {
                return Stream.iterate(due, Optional::isPresent, at -> at.flatMap(each -> calendar.next(cron, each)))
                        .flatMap(Optional::stream)
                        .takeWhile(end::isAfter)
                        .max(Comparator.naturalOrder());
            }
        }
        return Optional.empty();
    }

    /** The sources that schedules name. */
    Set<String> sources() {
        return entries.stream()
                .map(each -> each.schedule().source())
                .filter(source -> !source.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Whether a schedule is set that no record holds yet, so that nothing can be missed by it. */
    private boolean isUnrecorded() {
        return set.filter(schedule -> !Population.isInForce(traces, schedule)).isPresent();
    }

    /**
     * Slots of the last thirty days at which nothing began in time, and the newest of an entry that was not due since; the oldest
     * first.
     */
    List<Population.Judged> missed() {
        return Stream.concat(lately.slots().stream(), entries.stream().flatMap(each -> each.slots().stream()))
                .filter(each -> each.state() == Population.State.MISSED)
                .distinct()
                .sorted(Comparator.comparing(each -> each.slot().due()))
                .toList();
    }

    /** Slots at which nothing has begun yet, with less than half of their grace left. */
    List<Population.Judged> late() {
        return lately.slots().stream()
                .filter(each -> each.state() == Population.State.DUE)
                .filter(each ->
                        now.isAfter(each.slot().due().plus(each.slot().grace().dividedBy(2))))
                .toList();
    }

    /** Of each entry: when it is due next, and what became of it last. */
    List<StatusResult.DueRun> due() {
        return entries.stream().map(this::due).toList();
    }

    private StatusResult.DueRun due(Looked looked) {
        return new StatusResult.DueRun(
                looked.schedule().source(),
                looked.entry().kind().word(),
                looked.entry().cron(),
                calendar.next(looked.entry().cron(), now).orElse(null),
                looked.newest().map(this::last).orElse(""),
                looked.slots().stream()
                        .filter(each -> each.state() == Population.State.MISSED && isOfLate(each))
                        .count());
    }

    private boolean isOfLate(Population.Judged slot) {
        return !slot.slot().due().isBefore(now.minus(LATELY));
    }

    /** How the newest run ended that was due, or that made up for it, or that it was missed. */
    private String last(Population.Judged newest) {
        return switch (newest.state()) {
            case MISSED -> madeUp(newest) ? Outcome.PASSED.name() : Outcome.MISSED.name();
            case UNDER_WAY, DUE -> "UNDER WAY";
            case MET -> newest.outcome().map(Outcome::name).orElse("");
        };
    }

    /** Whether somebody ran it by hand since, well and whole, with a run that no other slot claims. */
    private boolean madeUp(Population.Judged missed) {
        Set<String> claimed = since(missed.slot().due()).slots().stream()
                .map(Population.Judged::record)
                .collect(Collectors.toSet());
        return traces.stream()
                .filter(trace -> trace.kind() == missed.slot().kind() && trace.isGood() && !trace.partial())
                .filter(trace -> isOf(missed.slot().source(), trace.source()) && !claimed.contains(trace.record()))
                .flatMap(trace -> trace.began().stream())
                .anyMatch(missed.slot().until()::isBefore);
    }

    private static boolean isOf(String scheduled, String source) {
        return scheduled.isEmpty() || source.isEmpty() || scheduled.equals(source);
    }

    /** Says what was missed last by these sources; what was so long ago that it is on record is known. */
    void weigh(StatusVerdict verdict, Predicate<String> source) {
        for (Looked each : entries) {
            boolean missed = each.newest()
                    .filter(newest -> last(newest).equals(Outcome.MISSED.name()))
                    .filter(newest -> newest.isUnrecorded() || isOfLate(newest))
                    .isPresent();
            boolean wanted = missed && source.test(each.schedule().source());
            boolean backup = each.entry().kind() == RunKind.BACKUP;
            String why = "the last %s that was due was missed"
                    .formatted(each.entry().kind().word());
            String step = "Find out why the scheduler started nothing, and run it by hand.";
            verdict.failing(wanted && backup, why, step);
            verdict.attention(wanted && !backup, why, step);
        }
    }

    /** Says what is not on record. */
    void weighRecords(StatusVerdict verdict, @Nullable String only) {
        long unrecorded = missed().stream()
                .filter(Population.Judged::isUnrecorded)
                .filter(each -> only == null || isOf(each.slot().source(), only))
                .count();
        verdict.attention(
                unrecorded > 0, Figures.count(unrecorded, "missed run") + " not on record", StatusWeighing.RECONCILE);
        verdict.attention(
                isUnrecorded(),
                "the schedule that is set is not on record, so nothing can be missed",
                StatusWeighing.RECONCILE);
    }
}
