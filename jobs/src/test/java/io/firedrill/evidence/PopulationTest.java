package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Which of the runs that were due did begin, by a calendar that tests write down. */
class PopulationTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Schedule.Entry NIGHTLY = new Schedule.Entry(RunKind.BACKUP, "daily at 2");
    private static final Schedule.Entry WEEKLY = new Schedule.Entry(RunKind.DRILL, "weekly at 4");
    private static final Duration GRACE = Duration.ofHours(1);

    /** "daily at H", "weekly at H" counted from START, "every M". */
    static final CronCalendar CALENDAR = (expression, after) -> {
        String[] words = expression.split(" ", -1);
        Duration step = words[0].equals("every")
                ? Duration.ofMinutes(Long.parseLong(words[1]))
                : Duration.ofDays(words[0].equals("daily") ? 1 : 7);
        Duration first = words[0].equals("every") ? Duration.ZERO : Duration.ofHours(Long.parseLong(words[2]));
        Instant due = START.plus(first);
        long passed = Math.max(0, Duration.between(due, after).dividedBy(step));
        due = due.plus(step.multipliedBy(passed));
        while (!due.isAfter(after)) {
            due = due.plus(step);
        }
        return Optional.of(due);
    };

    private final List<RunTrace> traces = new ArrayList<>();

    static RunTrace scheduled(Instant since, Duration grace, Schedule.Entry... entries) {
        return scheduled("", since, grace, entries);
    }

    private static RunTrace scheduled(String source, Instant since, Duration grace, Schedule.Entry... entries) {
        var schedule = new Schedule(source, List.of(entries), grace);
        return new RunTrace(
                0,
                "s",
                RunKind.RECONCILE,
                source,
                since,
                List.of(since),
                Optional.of(Outcome.PASSED),
                "",
                false,
                false,
                Optional.of(new Schedule.Recorded(schedule, since)),
                Optional.empty());
    }

    private static RunTrace run(String record, RunKind kind, String source, Instant... began) {
        return new RunTrace(
                0,
                record,
                kind,
                source,
                began[0],
                List.of(began),
                record.isEmpty() ? Optional.empty() : Optional.of(Outcome.PASSED),
                "",
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    private static Instant at(int day, String time) {
        return Instant.parse("2026-11-%02dT%s:00Z".formatted(day, time));
    }

    private Population until(Instant now) {
        return Population.of(traces, CALENDAR, Period.ALWAYS, now);
    }

    private List<String> told(Instant now) {
        return until(now).slots().stream()
                .map(each -> each.slot().due() + " " + each.state() + " " + each.record())
                .toList();
    }

    @Test
    void nothingIsDueWithoutASchedule() {
        traces.add(run("r1", RunKind.BACKUP, "", at(1, "02:00")));
        assertThat(until(at(5, "00:00"))).isEqualTo(Population.NONE);
    }

    @Test
    void everySlotIsMetMissedUnderWayOrDue() {
        traces.add(scheduled(START, GRACE, NIGHTLY, WEEKLY));
        traces.add(run("r1", RunKind.BACKUP, "", at(1, "02:00")));
        traces.add(run("r3", RunKind.BACKUP, "", at(3, "03:00")));
        traces.add(run("", RunKind.BACKUP, "", at(4, "02:01")));
        traces.add(run("d", RunKind.VERIFY, "", at(1, "04:00")));
        assertThat(told(at(5, "02:30")))
                .containsExactly(
                        "2026-11-01T02:00:00Z MET r1",
                        "2026-11-01T04:00:00Z MISSED ",
                        "2026-11-02T02:00:00Z MISSED ",
                        "2026-11-03T02:00:00Z MET r3",
                        "2026-11-04T02:00:00Z UNDER_WAY ",
                        "2026-11-05T02:00:00Z DUE ");
        assertThat(until(at(5, "02:30")).counts())
                .containsExactly(
                        new Population.Count("", RunKind.BACKUP, 5, 2, 1, 1, 1),
                        new Population.Count("", RunKind.DRILL, 1, 0, 0, 0, 1));
    }

    @Test
    void aRunThatBeganAMinuteEarlyOrAsTheGraceEndedIsInTimeAndOneBeyondIsNot() {
        traces.add(scheduled(START, GRACE, NIGHTLY));
        traces.add(run("early", RunKind.BACKUP, "", at(1, "01:59")));
        traces.add(run("tooEarly", RunKind.BACKUP, "", at(2, "01:58")));
        traces.add(run("late", RunKind.BACKUP, "", at(3, "03:00")));
        traces.add(run("tooLate", RunKind.BACKUP, "", at(4, "03:01")));
        assertThat(told(at(4, "12:00")))
                .containsExactly(
                        "2026-11-01T02:00:00Z MET early",
                        "2026-11-02T02:00:00Z MISSED ",
                        "2026-11-03T02:00:00Z MET late",
                        "2026-11-04T02:00:00Z MISSED ");
    }

    /** Windows overlap here, and a run must not stand for two slots. */
    @Test
    void aRunMeetsOneSlotOnly() {
        traces.add(scheduled(START, GRACE, new Schedule.Entry(RunKind.BACKUP, "every 30")));
        traces.add(run("r1", RunKind.BACKUP, "", at(1, "00:31")));
        traces.add(run("r2", RunKind.BACKUP, "", at(1, "00:32")));
        assertThat(told(at(1, "02:00")).subList(0, 3))
                .containsExactly(
                        "2026-11-01T00:00:00Z MET r1", "2026-11-01T00:30:00Z MET r2", "2026-11-01T01:00:00Z DUE ");
        assertThat(until(at(1, "02:00")).counts().getFirst().met()).isEqualTo(2);
    }

    @Test
    void eachProcessOfARunThatWasTakenUpAgainMeetsASlot() {
        traces.add(scheduled(START, GRACE, NIGHTLY));
        traces.add(run("r", RunKind.BACKUP, "", at(1, "02:00"), at(2, "02:00")));
        assertThat(until(at(2, "12:00")).missed()).isEmpty();
    }

    @Test
    void aScheduleCountsFromWhenItWasRecordedAndALaterOneHidesNothing() {
        traces.add(scheduled(at(2, "00:00"), GRACE, NIGHTLY));
        traces.add(scheduled(at(4, "02:00"), GRACE, WEEKLY));
        assertThat(told(at(9, "00:00")))
                .containsExactly(
                        "2026-11-02T02:00:00Z MISSED ", "2026-11-03T02:00:00Z MISSED ", "2026-11-08T04:00:00Z MISSED ");
    }

    @Test
    void aScheduleOfNothingEndsWhatWasBefore() {
        traces.add(scheduled(START, GRACE, NIGHTLY));
        traces.add(scheduled(at(2, "00:00"), GRACE));
        assertThat(told(at(9, "00:00"))).containsExactly("2026-11-01T02:00:00Z MISSED ");
        assertThat(Population.inForce(traces, "").orElseThrow().since()).isEqualTo(at(2, "00:00"));
        assertThat(Population.inForce(traces, "orders")).isEmpty();
    }

    @Test
    void aRunOfAnotherSourceMeetsNothingAndOneThatTellsNoneDoes() {
        traces.add(scheduled("orders", START, GRACE, NIGHTLY));
        traces.add(scheduled("users", START, GRACE, NIGHTLY));
        traces.add(run("u", RunKind.BACKUP, "users", at(1, "02:00")));
        traces.add(run("x", RunKind.BACKUP, "", at(2, "02:00")));
        assertThat(until(at(1, "12:00")).missed())
                .singleElement()
                .satisfies(each -> assertThat(each.slot().source()).isEqualTo("orders"));
        assertThat(until(at(2, "12:00")).missed()).hasSize(1);
    }

    @Test
    void whatIsRecordedAsMissedIsStillMissedAndNoLongerUnrecorded() {
        traces.add(scheduled(START, GRACE, NIGHTLY));
        traces.add(new RunTrace(
                0,
                "m1",
                RunKind.MISSED,
                "",
                START,
                List.of(),
                Optional.of(Outcome.MISSED),
                "",
                false,
                false,
                Optional.empty(),
                Optional.of(new Slot.Name("", RunKind.BACKUP, at(1, "02:00")))));
        Population population = until(at(2, "12:00"));
        assertThat(population.missed()).hasSize(2);
        assertThat(population.unrecorded())
                .singleElement()
                .satisfies(each -> assertThat(each.slot().due()).isEqualTo(at(2, "02:00")));
    }

    @Test
    void aPeriodHasTheSlotsThatWereDueInItAndRunsOfTheDayBeforeDoNotMeetThem() {
        traces.add(scheduled(START, GRACE, new Schedule.Entry(RunKind.BACKUP, "every 30")));
        for (int minute = 0; minute < 60 * 24; minute += 30) {
            traces.add(run("r", RunKind.BACKUP, "", START.plus(Duration.ofMinutes(minute))));
        }
        Population day = Population.of(traces, CALENDAR, Period.of("2026-11-02"), at(3, "12:00"));
        assertThat(day.slots()).hasSize(48);
        assertThat(day.missed()).hasSize(48);
    }

    /** However runs fall, each is used once, and a slot is missed only if no run is left that could have met it. */
    @RepeatedTest(20)
    void noSlotIsMissedThatAFreeRunCouldHaveMet() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Duration grace = Duration.ofMinutes(1 + random.nextInt(120));
        traces.add(scheduled(START, grace, new Schedule.Entry(RunKind.BACKUP, "every 30")));
        var began = new ArrayList<Instant>();
        for (int i = 0; i < 60; i++) {
            began.add(START.plus(Duration.ofMinutes(random.nextInt(48 * 60))));
            traces.add(run("r" + i, RunKind.BACKUP, "", began.getLast()));
        }
        Population population = until(START.plus(Duration.ofDays(3)));
        List<String> used = population.slots().stream()
                .map(Population.Judged::record)
                .filter(record -> !record.isEmpty())
                .toList();
        assertThat(used).as("seed %d", seed).doesNotHaveDuplicates();
        for (Population.Judged missed : population.missed()) {
            for (int i = 0; i < began.size(); i++) {
                boolean inTime = !began.get(i).isBefore(missed.slot().due().minus(Population.EARLY))
                        && !began.get(i).isAfter(missed.slot().until());
                assertThat(inTime && !used.contains("r" + i))
                        .as("%s is free for %s, seed %d", began.get(i), missed, seed)
                        .isFalse();
            }
        }
    }
}
