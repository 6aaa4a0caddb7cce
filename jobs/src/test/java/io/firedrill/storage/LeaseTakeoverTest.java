package io.firedrill.storage;

import static io.firedrill.storage.Machine.NOON;
import static io.firedrill.storage.Machine.TTL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may take a lease from whom, and how the one who lost it finds out. */
class LeaseTakeoverTest {
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
        assertThat(there.sleeps).hasSizeLessThan(12);
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
}
