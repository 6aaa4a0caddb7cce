package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A time in which the source or the store does not answer: it is borne as long as it may pass. */
final class Outage {
    /** Longer than an election takes; who is to archive once wants an answer. */
    static final Duration OF_ONE_RUN = Duration.ofSeconds(60);

    static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * How long it may be refused who has been let in before: a password is changed in two places, and a mounted secret arrives a minute
     * or two later.
     */
    static final Duration DENIED_MAX = Duration.ofMinutes(10);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A member that is rolling back or starting is unsuitable, and its oplog gone, until it is through. */
    private static final Set<FailureKind> PASSING =
            Set.of(FailureKind.DEPENDENCY_UNAVAILABLE, FailureKind.SOURCE_UNSUITABLE, FailureKind.SOURCE_CHANGED);

    private final LongSupplier nanoTime;
    private final Duration patience;
    private long began;
    private boolean worked;
    private boolean denied;
    private long deniedSince;
    private volatile @Nullable Failure lasting;

    Outage(LongSupplier nanoTime, Duration patience) {
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    void over() {
        lasting = null;
        worked = true;
        denied = false;
    }

    /** What keeps the archiver from its work now. */
    Optional<Failure> now() {
        return Optional.ofNullable(lasting);
    }

    /** Waits a little before the next attempt; throws what will not pass, or has lasted too long. */
    void bear(Failure failure) {
        if (lasting == null) {
            began = nanoTime.getAsLong();
        }
        lasting = failure;
        if (!mayPass(failure) || nanoTime.getAsLong() - began > patience.toNanos()) {
            throw failure;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private boolean mayPass(Failure failure) {
        if (failure.kind() != FailureKind.ACCESS_DENIED) {
            denied = false;
            return PASSING.contains(failure.kind());
        }
        if (!denied) {
            denied = true;
            deniedSince = nanoTime.getAsLong();
        }
        return worked && nanoTime.getAsLong() - deniedSince <= DENIED_MAX.toNanos();
    }
}
