package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Leases.Seams;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases, on machines whose clocks, waiting and beats are the test's own. */
class LeasesTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path temp;

    private HookedStore store = new HookedStore(ObjectStores.directory(Path.of("unset")));
    private final Machine here = new Machine("here");
    private final Machine there = new Machine("there");

    /** A machine: its clocks, which only the test moves, and what its sleepers and timers were told. */
    private static final class Machine {
        private final String host;
        private Instant now = NOON;
        private long nanos = 5_000_000_000L;
        private final List<Duration> sleeps = new ArrayList<>();
        private final List<Runnable> beats = new ArrayList<>();
        private Runnable whileAsleep = () -> {};

        Machine(String host) {
            this.host = host;
        }

        void pass(Duration time) {
            now = now.plus(time);
            nanos += time.toNanos();
        }

        void beat() {
            List.copyOf(beats).forEach(Runnable::run);
        }

        Holder holder(String runId) {
            return new Holder(runId, host, "boot-of-" + host + " pid:[1] 4711 99", "backup", NOON);
        }

        Leases leases(ObjectStore store) {
            return leases(store, new Processes(Path.of("/proc")));
        }

        Leases leases(ObjectStore store, Processes processes) {
            Pulse pulse = (name, interval, beat) -> {
                beats.add(beat);
                return () -> beats.remove(beat);
            };
            Sleeper sleeper = time -> {
                sleeps.add(time);
                whileAsleep.run();
            };
            return new Leases(store, TTL, new Seams(() -> now, () -> nanos, sleeper, pulse, processes));
        }
    }

    @BeforeEach
    void makeAStore() {
        store = new HookedStore(ObjectStores.directory(temp));
    }

    private Lease acquire(Machine machine, String runId) {
        return machine.leases(store).acquire("backup", machine.holder(runId));
    }

    private List<String> log() {
        return store.list("leases/")
                .map(info -> info.key().value().replaceFirst(".*/0*", ""))
                .toList();
    }

    private static Failure assertFails(FailureKind kind, ThrowingCallable action) {
        var failure = catchThrowableOfType(Failure.class, action);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.text()).isEqualTo(kind);
        return failure;
    }

    private static RuntimeException outage() {
        return new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "outage", "Wait.");
    }

    @Test
    void aLeaseThatIsHeldNamesItsHolder() {
        try (var lease = acquire(here, "run-1")) {
            lease.check();
            assertThat(lease.name()).isEqualTo("backup");
            var failure = assertFails(FailureKind.LOCK_HELD, () -> acquire(there, "run-2"));
            assertThat(failure.text())
                    .contains(
                            "run run-1", "backup on here", "since 2026-11-22T12:00:00Z", "until 2026-11-22T12:01:00Z");
            assertThat(there.leases(store).current("backup"))
                    .hasValue(new Leases.HeldLease("backup", here.holder("run-1"), lease.fence(), NOON.plus(TTL)));
            assertThat(there.leases(store).current("restore")).isEmpty();
        }
    }

    @Test
    void aReleasedLeaseIsFreeAndTheFenceGrows() {
        long fence = 0;
        for (int run = 0; run < 5; run++) {
            try (var lease = acquire(run % 2 == 0 ? here : there, "run-" + run)) {
                assertThat(lease.fence()).isGreaterThan(fence);
                fence = lease.fence();
                lease.renew();
            }
            assertThat(here.leases(store).current("backup")).isEmpty();
            assertThat(log()).hasSize(2);
        }
        assertThat(here.sleeps).isEmpty();
        assertThat(here.beats).isEmpty();
    }

    @Test
    void aReleasedLeaseIsLostToItsHolder() {
        var lease = acquire(here, "run-1");
        lease.close();
        lease.close();
        assertFails(FailureKind.LOCK_LOST, lease::check);
        assertFails(FailureKind.LOCK_LOST, lease::renew);
    }

    @Test
    void inTwoHundredRacesThereIsOneWinnerEach() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int race = 0; race < 200; race++) {
                String name = "race-" + race;
                var start = new CyclicBarrier(4);
                var runs = IntStream.range(0, 4)
                        .<Callable<Optional<Lease>>>mapToObj(run -> () -> {
                            var machine = new Machine("host-" + run);
                            start.await();
                            try {
                                return Optional.of(machine.leases(store).acquire(name, machine.holder("run")));
                            } catch (Failure failure) {
                                assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_HELD);
                                return Optional.empty();
                            }
                        })
                        .toList();
                var winners = threads.invokeAll(runs).stream()
                        .map(Future::resultNow)
                        .flatMap(Optional::stream)
                        .toList();
                assertThat(winners).hasSize(1);
                winners.getFirst().renew();
            }
        }
    }

    @Test
    void aHolderThatWasPausedBeyondItsTermMayNotGoOn() {
        var lease = acquire(here, "run-1");
        here.pass(TTL.minusNanos(1));
        assertThatCode(lease::check).doesNotThrowAnyException();
        here.pass(Duration.ofNanos(1));
        assertFails(FailureKind.LOCK_LOST, lease::check);
        assertFails(FailureKind.LOCK_LOST, lease::renew);
        assertThat(here.beats).isEmpty();
    }

    @Test
    void theTermIsMeasuredFromTheBeginningOfTheRenewal() {
        store.afterCreate = key -> here.pass(Duration.ofSeconds(50));
        var lease = acquire(here, "run-1");
        lease.check();
        here.pass(Duration.ofSeconds(10));
        assertFails(FailureKind.LOCK_LOST, lease::check);
    }

    @Test
    void beatsRenewWhenAThirdOfTheTermIsOver() {
        try (var lease = acquire(here, "run-1")) {
            here.beat();
            assertThat(log()).hasSize(1);
            for (int time = 0; time < 30; time++) {
                here.pass(Duration.ofSeconds(20));
                here.beat();
                lease.check();
            }
            assertThat(log()).hasSize(31);
            assertThat(lease.fence()).isEqualTo(1);
        }
        assertThat(log()).containsExactly("1", "32");
    }

    @Test
    void aRenewalThatFailsIsTriedAgainUntilTheTermIsOver() {
        var lease = acquire(here, "run-1");
        store.beforeCreate = key -> {
            throw outage();
        };
        for (int beat = 0; beat < 11; beat++) {
            here.pass(Duration.ofSeconds(5));
            here.beat();
            lease.check();
        }
        here.pass(Duration.ofSeconds(5));
        assertThat(assertFails(FailureKind.LOCK_LOST, lease::check)).hasRootCauseMessage("outage");
    }

    @Test
    void aRenewalAfterAnOutageKeepsTheLease() {
        var lease = acquire(here, "run-1");
        store.beforeCreate = key -> {
            throw outage();
        };
        here.pass(Duration.ofSeconds(30));
        here.beat();
        store.beforeCreate = key -> {};
        here.beat();
        here.pass(Duration.ofSeconds(40));
        lease.check();
        lease.close();
    }

    @Test
    void aRenewalThatArrivedThoughItFailedIsKnownAsOurs() {
        var lease = acquire(here, "run-1");
        store.afterCreate = key -> {
            throw outage();
        };
        assertFails(FailureKind.DEPENDENCY_UNAVAILABLE, lease::renew);
        store.afterCreate = key -> {};
        lease.renew();
        lease.check();
        assertThat(log()).containsExactly("1", "2", "3");
        lease.close();
        assertThat(log()).containsExactly("1", "4");
    }

    @Test
    void anExpiredLeaseIsTakenAfterAWholeTermWithoutASignOfLife() {
        var old = acquire(here, "run-1");
        there.pass(TTL.plusSeconds(1));
        assertThat(there.leases(store).current("backup")).isEmpty();
        try (var lease = acquire(there, "run-2")) {
            assertThat(there.sleeps.stream().reduce(Duration.ZERO, Duration::plus))
                    .isEqualTo(TTL);
            assertThat(lease.fence()).isEqualTo(2);
            assertFails(FailureKind.LOCK_LOST, old::renew);
            assertFails(FailureKind.LOCK_LOST, old::check);
            old.close();
            lease.check();
            assertThat(log()).containsExactly("1", "2");
        }
    }

    @Test
    void aClockThatIsTenMinutesFastTakesNoLivingLease() {
        var lease = acquire(here, "run-1");
        there.pass(Duration.ofMinutes(10));
        there.whileAsleep = () -> {
            here.pass(Duration.ofSeconds(5));
            here.beat();
        };
        assertFails(FailureKind.LOCK_HELD, () -> acquire(there, "run-2"));
        lease.check();
    }

    @Test
    void aLeaseReleasedWhileItIsWatchedIsTaken() {
        var old = acquire(here, "run-1");
        there.pass(TTL.multipliedBy(2));
        there.whileAsleep = old::close;
        try (var lease = acquire(there, "run-2")) {
            lease.check();
            assertThat(there.sleeps).hasSize(1);
        }
    }

    @Test
    void aLeaseThatExpiredLongAgoIsTakenAtOnce() {
        var lease = acquire(here, "run-1");
        there.pass(Duration.ofMinutes(31).plus(TTL));
        acquire(there, "run-2").close();
        assertThat(there.sleeps).isEmpty();
        assertFails(FailureKind.LOCK_LOST, lease::renew);
    }

    @Test
    void theLeaseOfAKilledProcessOfThisMachineIsTakenAtOnce() throws Exception {
        var processes = new Processes(Path.of("/proc"));
        var child = new ProcessBuilder("sleep", "600").start();
        var holder = new Holder("run-1", "here", processes.idOf(child.pid()), "backup", NOON);
        here.leases(store, processes).acquire("backup", holder);
        assertFails(FailureKind.LOCK_HELD, () -> acquire(here, "run-2"));
        child.destroyForcibly().waitFor();
        assertThat(here.leases(store).current("backup")).isEmpty();
        acquire(here, "run-2").close();
        assertThat(here.sleeps).isEmpty();
    }

    @Test
    void thisProcessIsAliveAndSoItsLeaseIsHeld() {
        var me = Holder.ofThisProcess("run-1", "backup", NOON);
        assertThat(me.processId()).contains(" " + ProcessHandle.current().pid());
        assertThat(me.host()).isNotBlank();
        here.leases(store).acquire("backup", me);
        assertFails(FailureKind.LOCK_HELD, () -> here.leases(store).acquire("backup", me));
    }

    @Test
    void aStaleRenewalIntoATidiedLogIsFoundOut() {
        var stale = acquire(here, "run-1");
        there.pass(Duration.ofHours(2));
        acquire(there, "run-2").close();
        acquire(there, "run-3").close();
        assertThat(log()).containsExactly("4", "5");
        assertFails(FailureKind.LOCK_LOST, stale::renew);
        assertThat(log()).containsExactly("4", "5");
    }

    @Test
    void aStaleAcquisitionIntoATidiedLogIsFoundOut() {
        acquire(here, "run-1").close();
        store.beforeCreate = key -> {
            store.beforeCreate = other -> {};
            acquire(there, "run-2").close();
            acquire(there, "run-3").close();
        };
        try (var lease = acquire(here, "run-4")) {
            assertThat(lease.fence()).isEqualTo(7);
            assertThat(log()).containsExactly("5", "6", "7");
        }
    }

    @Test
    void anEntryThatVanishesWhileItIsReadIsLookedForAgain() {
        acquire(here, "run-1").close();
        var misses = new ArrayList<Integer>();
        store.hidesEverything = () -> misses.add(1) && misses.size() == 1;
        acquire(here, "run-2").close();
        assertThat(misses).hasSizeGreaterThan(1);
    }

    @Test
    void whenTheWallClockRunsAheadOfTheMonotonicOneARenewalDecides() {
        var lease = acquire(here, "run-1");
        here.now = here.now.plus(Duration.ofHours(1));
        lease.check();
        assertThat(log()).containsExactly("1", "2");
        here.now = here.now.plus(Duration.ofHours(1));
        there.pass(Duration.ofHours(9));
        acquire(there, "run-2");
        assertFails(FailureKind.LOCK_LOST, lease::check);
    }

    @Test
    void aStoreThatForbidsDeletionSpoilsNothing() {
        store.beforeDelete = key -> {
            throw new Failure(FailureKind.ACCESS_DENIED, "locked", "Wait.");
        };
        acquire(here, "run-1").close();
        acquire(here, "run-2").close();
        assertThat(log()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aReleaseThatFailsSpoilsNothing() {
        var lease = acquire(here, "run-1");
        store.beforeCreate = key -> {
            throw outage();
        };
        lease.close();
        assertThat(log()).containsExactly("1");
    }

    @Test
    void anUnreadableEntryIsNamed() {
        for (String json : List.of("{", "[]", "{}", "{\"format\": 1, \"state\": \"HELD\"}", "\"x\"")) {
            var key = ObjectKey.of("leases/backup/000000000001");
            store.create(key, Content.of(json.getBytes(UTF_8)));
            var failure = assertFails(FailureKind.BACKUP_DAMAGED, () -> acquire(here, "run-1"));
            assertThat(failure).hasMessageContaining("leases/backup/000000000001");
            store.delete(key);
        }
    }

    @Test
    void anEntryOfANewerFormatIsNotGuessedAt() {
        store.create(ObjectKey.of("leases/backup/000000000001"), Content.of("{\"format\": 2}".getBytes(UTF_8)));
        assertFails(FailureKind.FORMAT_TOO_NEW, () -> acquire(here, "run-1"));
    }

    @Test
    void strangersInTheFolderAreNoEntries() {
        store.create(ObjectKey.of("leases/backup/README"), Content.of(new byte[1]));
        assertThat(acquire(here, "run-1").fence()).isEqualTo(1);
    }

    @Test
    void aNameThatIsNoNameIsRefused() {
        for (String name : List.of("", "a/b", "..", "a b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> here.leases(store).acquire(name, here.holder("run-1")));
        }
    }

    @Test
    void realTimeRenewsByItself() throws Exception {
        var renewals = new CountDownLatch(4);
        store.afterCreate = key -> renewals.countDown();
        var leases = new Leases(store, InstantSource.system(), System::nanoTime, Duration.ofSeconds(3));
        try (var lease = leases.acquire("backup", Holder.ofThisProcess("run-1", "backup", NOON))) {
            assertThat(renewals.await(60, TimeUnit.SECONDS)).isTrue();
            lease.check();
        }
        assertThat(leases.current("backup")).isEmpty();
    }
}
