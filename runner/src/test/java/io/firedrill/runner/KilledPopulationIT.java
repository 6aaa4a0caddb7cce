package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.CronCalendar;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Population;
import io.firedrill.evidence.Reconciliation;
import io.firedrill.evidence.RunIds;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.Schedule;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Leases;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scheduled runs killed with SIGKILL at any moment of their lives, the first of which leave nothing behind: each is on record in the
 * end, once. {@code FIREDRILL_TEST_KILLS} says how many.
 */
class KilledPopulationIT {
    private static final int KILLS = Integer.parseInt(System.getenv().getOrDefault("FIREDRILL_TEST_KILLS", "6"));

    /** Longer than all of it takes, so that a slot that nothing met may take a later run, and none is left over. */
    private static final Duration GRACE = Duration.ofHours(1);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Map<RunKind, TreeSet<Instant>> launched =
            new EnumMap<>(Map.of(RunKind.BACKUP, new TreeSet<>(), RunKind.VERIFY, new TreeSet<>()));

    /** What was due is what was launched. */
    private final CronCalendar calendar = (kind, after) -> Optional.ofNullable(
            launched.getOrDefault(RunKind.valueOf(kind), new TreeSet<>()).higher(after));

    private final Schedule schedule = new Schedule(
            "",
            List.of(new Schedule.Entry(RunKind.BACKUP, "BACKUP"), new Schedule.Entry(RunKind.VERIFY, "VERIFY")),
            GRACE);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyKilledRunIsOnRecordOnce(@TempDir Path directory) {
        try (MongodServer source = MongodServer.replicaSet("orders")) {
            LargeShop.fill(source);
            var desk = new Desk(directory, source, source);
            launched.getOrDefault(RunKind.BACKUP, new TreeSet<>())
                    .add(InstantSource.system().instant());
            desk.run("backup").ended(0);
            try (ObjectStore store = ObjectStores.directory(desk.store())) {
                // The first two, which nobody kills, were due as well: else they would stand for what was due a minute
                // later.
                assertThat(reconcile(desk, store, at(GRACE.negated()))).isOne();
                launched.getOrDefault(RunKind.VERIFY, new TreeSet<>())
                        .add(InstantSource.system().instant());
                Duration uncut = uncut(desk);
                for (int kill = 0; kill < KILLS; kill++) {
                    launch(desk, kill % 2 == 0 ? RunKind.VERIFY : RunKind.BACKUP, uncut);
                }
                requireEachOnRecord(desk, store);
            }
        }
    }

    private static Clocks at(Duration fromNow) {
        return new Clocks(() -> InstantSource.system().instant().plus(fromNow), System::nanoTime);
    }

    private static Duration uncut(Desk desk) {
        long begun = System.nanoTime();
        try (Running running = desk.start("verify")) {
            assertThat(running.exitCode()).as(running.err()).isZero();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void launch(Desk desk, RunKind kind, Duration uncut) {
        launched.getOrDefault(kind, new TreeSet<>()).add(InstantSource.system().instant());
        try (Running running = desk.start(kind.word())) {
            running.endsWithin(Duration.ofNanos((long) (uncut.toNanos() * random.nextDouble() * 1.1)));
            running.kill();
        }
    }

    private void requireEachOnRecord(Desk desk, ObjectStore store) {
        Clocks later = at(GRACE.multipliedBy(3));
        long before = records(desk, store).size();
        // Two at once.
        List<Integer> recorded = IntStream.range(0, 2)
                .parallel()
                .mapToObj(_ -> reconcile(desk, store, later))
                .toList();
        List<RunRecord> all = records(desk, store);
        assertThat(all)
                .as("seed %d", seed)
                .hasSize((int) before + recorded.stream().mapToInt(each -> each).sum());
        assertThat(reconcile(desk, store, later))
                .as("records of another reconciliation")
                .isZero();
        assertThat(desk.openRuns()).isEmpty();

        // The two that nobody killed, and the schedule.
        assertThat(all).as("seed %d", seed).hasSize(KILLS + 3);
        assertThat(all.stream().map(RunRecord::runId)).doesNotHaveDuplicates();
        LedgerVerdict verdict = new LedgerVerification(new Ledger(store, "default", later))
                .expecting(calendar, Optional.of(schedule))
                .verify();
        assertThat(verdict.isSound()).isTrue();
        List<Population.Judged> slots = verdict.population().slots();
        assertThat(slots)
                .as("seed %d", seed)
                .hasSize(KILLS + 2)
                .allSatisfy(each -> assertThat(each.record()).isNotEmpty());
        assertThat(slots.stream().map(Population.Judged::record)).doesNotHaveDuplicates();
        Map<Outcome, Long> outcomes = all.stream()
                .filter(run -> run.kind() != RunKind.RECONCILE)
                .collect(Collectors.groupingBy(RunRecord::outcome, Collectors.counting()));
        System.out.printf(
                "%d runs killed, seed %d: %d records, %s, two that nobody killed among them%n",
                KILLS, seed, all.size() - 1, outcomes);
    }

    private static List<RunRecord> records(Desk desk, ObjectStore store) {
        assertThat(desk.records()).isNotEmpty();
        return new Ledger(store, "default", Clocks.system()).records().toList();
    }

    /** How many records it wrote. */
    private int reconcile(Desk desk, ObjectStore store, Clocks clocks) {
        var ledger = new Ledger(store, "default", clocks);
        var leases = new Leases(store, clocks.wall(), clocks.ticker(), Duration.ofMinutes(1));
        try {
            Reconciliation.Recorded done = new Reconciliation(
                            ledger, clocks, leases, calendar, Optional.of(schedule), GRACE, List.of())
                    .record(ledger.writer(EvidenceKeys.read(desk.evidenceKey()), Optional.empty()), this::start);
            return done.aborted().size()
                    + done.missed().size()
                    + (done.schedule().isPresent() ? 1 : 0);
        } catch (Failure held) {
            assertThat(held.kind()).isEqualTo(FailureKind.LOCK_HELD);
            return 0;
        }
    }

    private RunStart start(RunKind kind) {
        String id = RunIds.next(InstantSource.system().instant(), new SplittableRandom());
        return new RunStart(id, kind, "manual", "ada", "0.1.0", "host-a", Map.of(), Objectives.NONE);
    }
}
