package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What should have run by the schedules that were in force, held against what did.
 *
 * <p>A slot is met by a process that began to work on a run of its kind and source from {@link #EARLY} before it was due until
 * its grace was over, whatever became of that run and whoever started it; each process meets one slot at most, the oldest
 * that is open to it.
 *
 * @param slots in the order in which they were due
 */
public record Population(List<Judged> slots) {
    /** Nothing was looked at. */
    public static final Population NONE = new Population(List.of());

    /** A cron host whose clock is ahead starts a run before it is due. */
    static final Duration EARLY = Duration.ofMinutes(1);

    public Population {
        slots = List.copyOf(slots);
    }

    /** What became of a slot. */
    public enum State {
        /** A run began in time; its record tells how it ended. */
        MET,
        /** A run began in time and has no record yet. */
        UNDER_WAY,
        /** Nothing began yet, and there is time left. */
        DUE,
        /** Nothing began in time. */
        MISSED
    }

    /**
     * A slot and what became of it.
     *
     * @param record of the run that met it, or of its being missed; empty where there is none
     * @param outcome of the run that met it
     */
    public record Judged(Slot slot, State state, String record, Optional<Outcome> outcome) {
        /** Whether it was missed and no record says so. */
        public boolean isUnrecorded() {
            return state == State.MISSED && record.isEmpty();
        }
    }

    /** How many slots of one kind there were, and what became of them. */
    public record Count(String source, RunKind kind, long expected, long met, long underWay, long due, long missed) {}

    /**
     * Holds runs against the schedules that their records hold.
     *
     * @param traces of all records of a ledger in any order, and of the runs under way
     * @param period in which a slot was due
     * @param now slots after it are not looked at
     */
    public static Population of(Collection<RunTrace> traces, CronCalendar calendar, Period period, Instant now) {
        var expected = new ArrayList<Slot>();
        histories(traces).forEach(history -> expected.addAll(new SlotList(calendar, period, now).of(history)));
        Map<Slot.Name, String> missed = missed(traces);
        Map<String, List<Slot>> byKind = expected.stream()
                .collect(Collectors.groupingBy(
                        slot -> slot.source() + " " + slot.kind().word(), TreeMap::new, Collectors.toList()));
        var judged = new ArrayList<Judged>();
        byKind.values().forEach(slots -> judged.addAll(new Attendance(traces, missed, now).of(slots)));
        return new Population(judged.stream()
                .filter(each -> period.has(each.slot().due()))
                .sorted(Comparator.comparing(each -> each.slot().due()))
                .toList());
    }

    /** The schedules of each source, the oldest first. */
    static Collection<List<Schedule.Recorded>> histories(Collection<RunTrace> traces) {
        return traces.stream()
                .flatMap(trace -> trace.schedule().stream())
                .sorted(Comparator.comparing(Schedule.Recorded::since))
                .collect(Collectors.groupingBy(
                        recorded -> recorded.schedule().source(), TreeMap::new, Collectors.toList()))
                .values();
    }

    /** The schedule of a source that was recorded last. */
    public static Optional<Schedule.Recorded> inForce(Collection<RunTrace> traces, String source) {
        return traces.stream()
                .flatMap(trace -> trace.schedule().stream())
                .filter(recorded -> recorded.schedule().source().equals(source))
                .max(Comparator.comparing(Schedule.Recorded::since));
    }

    /** The schedules that were recorded last, one for each source that has any. */
    public static List<Schedule> inForce(Collection<RunTrace> traces) {
        return histories(traces).stream()
                .map(history -> history.getLast().schedule())
                .toList();
    }

    /** Whether a schedule is the one that was recorded last for its source. */
    public static boolean isInForce(Collection<RunTrace> traces, Schedule schedule) {
        return inForce(traces, schedule.source())
                .filter(recorded -> recorded.schedule().equals(schedule))
                .isPresent();
    }

    private static Map<Slot.Name, String> missed(Collection<RunTrace> traces) {
        var missed = new HashMap<Slot.Name, String>();
        traces.forEach(trace -> trace.missed().ifPresent(slot -> missed.putIfAbsent(slot, trace.record())));
        return missed;
    }

    /** Of each source and kind that was scheduled. */
    public List<Count> counts() {
        Map<String, List<Judged>> byKind = slots.stream()
                .collect(Collectors.groupingBy(
                        each -> each.slot().source() + " " + each.slot().kind().word(),
                        TreeMap::new,
                        Collectors.toList()));
        return byKind.values().stream()
                .map(same -> new Count(
                        same.getFirst().slot().source(),
                        same.getFirst().slot().kind(),
                        same.size(),
                        count(same, State.MET),
                        count(same, State.UNDER_WAY),
                        count(same, State.DUE),
                        count(same, State.MISSED)))
                .toList();
    }

    private static long count(List<Judged> slots, State state) {
        return slots.stream().filter(each -> each.state() == state).count();
    }

    /** What nothing began in time for. */
    public List<Judged> missed() {
        return slots.stream().filter(each -> each.state() == State.MISSED).toList();
    }

    /** What was missed and no record says so. */
    public List<Judged> unrecorded() {
        return slots.stream().filter(Judged::isUnrecorded).toList();
    }
}
