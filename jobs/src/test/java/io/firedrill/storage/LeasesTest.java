package io.firedrill.storage;

import static io.firedrill.storage.Machine.NOON;
import static io.firedrill.storage.Machine.TTL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
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
    @TempDir
    Path temp;

    private HookedStore store = new HookedStore(ObjectStores.directory(Path.of("unset")));
    private final Machine here = new Machine("here");
    private final Machine there = new Machine("there");

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
        lease.renew();
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
        var renewals = new CountDownLatch(3);
        store.afterCreate = key -> renewals.countDown();
        var leases = new Leases(store, InstantSource.system(), System::nanoTime, Duration.ofSeconds(9));
        try (var lease = leases.acquire("backup", Holder.ofThisProcess("run-1", "backup", NOON))) {
            assertThat(renewals.await(60, TimeUnit.SECONDS)).isTrue();
            lease.check();
        }
        assertThat(leases.current("backup")).isEmpty();
    }
}
