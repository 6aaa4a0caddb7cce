package io.firedrill.storage;

import static io.firedrill.storage.Machine.TTL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who work for the holder of a lease see of it. */
class LeaseWatchTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path temp;

    private final Machine here = new Machine("here");
    private final Machine there = new Machine("there");
    private final AtomicLong nanos = new AtomicLong();

    private static void assertLost(LeaseWatch watch) {
        var failure = catchThrowableOfType(Failure.class, watch::check);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST);
    }

    @Test
    void aLeaseThatIsReleasedIsMissedWithinASecond() {
        try (ObjectStore store = ObjectStores.directory(temp)) {
            Lease lease = here.leases(store).acquire("backup", here.holder("run-1"));
            var watch = new LeaseWatch(there.leases(store), "backup", lease.fence(), nanos::get);
            watch.check();
            lease.close();
            nanos.addAndGet(SECOND - 1);
            assertThatCode(watch::check).as("not looked at again yet").doesNotThrowAnyException();
            nanos.addAndGet(1);
            assertLost(watch);
            assertLost(watch);
        }
    }

    @Test
    void theSuccessorsLeaseIsNotTheOneThatIsWatched() {
        try (ObjectStore store = ObjectStores.directory(temp)) {
            Lease first = here.leases(store).acquire("backup", here.holder("run-1"));
            var watch = new LeaseWatch(there.leases(store), "backup", first.fence(), nanos::get);
            first.close();
            try (Lease second = here.leases(store).acquire("backup", here.holder("run-2"))) {
                assertThat(second.fence()).isGreaterThan(first.fence());
                assertLost(watch);
                new LeaseWatch(there.leases(store), "backup", second.fence(), nanos::get).check();
            }
        }
    }

    @Test
    void aLeaseThatIsNotRenewedEndsWithItsTerm() {
        try (ObjectStore store = ObjectStores.directory(temp)) {
            Lease lease = here.leases(store).acquire("backup", here.holder("run-1"));
            var watch = new LeaseWatch(there.leases(store), "backup", lease.fence(), nanos::get);
            watch.check();
            there.pass(TTL.plusSeconds(1));
            nanos.addAndGet(SECOND);
            assertLost(watch);
        }
    }
}
