package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Somebody else's lease, for whoever works on its holder's behalf: looked at again whenever the last look is a second old.
 * Between two looks the holder may lose it, so what is done under a watch has to be harmless when it is done once more.
 */
public final class LeaseWatch {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Leases leases;
    private final String name;
    private final long fence;
    private final LongSupplier nanos;
    private long looked;
    private boolean held;

    LeaseWatch(Leases leases, String name, long fence, LongSupplier nanos) {
        this.leases = leases;
        this.name = name;
        this.fence = fence;
        this.nanos = nanos;
    }

    /** Fails with {@code LOCK_LOST} unless the lease was held a moment ago, by whom it was held in the beginning. */
    public synchronized void check() {
        if (!held || nanos.getAsLong() - looked >= LOOK_NANOS) {
            looked = nanos.getAsLong();
            held = leases.current(name).filter(lease -> lease.fence() == fence).isPresent();
        }
        if (!held) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "lease '%s' with fence %d is not held any more".formatted(name, fence),
                    "The run that this unit belongs to has ended or died; started again, it sends its units anew.");
        }
    }
}
