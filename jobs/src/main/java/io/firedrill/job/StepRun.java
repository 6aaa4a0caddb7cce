package io.firedrill.job;

import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunLog;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The run that a process is about: its log, its progress, what may stop it, and the first thing that went wrong.
 *
 * @param lease throws when the run may not write any more
 * @param stopRequested whether the operator asked to stop
 */
public record StepRun(
        RunLog log,
        Progress progress,
        int lanes,
        Runnable lease,
        BooleanSupplier stopRequested,
        AtomicReference<@Nullable Throwable> firstFailure) {

    public StepRun(RunLog log, Progress progress, int lanes, Runnable lease, BooleanSupplier stopRequested) {
        this(log, progress, lanes, lease, stopRequested, new AtomicReference<>());
    }

    /** The same run, with nothing that has failed: for an attempt after one that failed. */
    StepRun again() {
        return new StepRun(log, progress, lanes, lease, stopRequested);
    }

    /** Throws when the run must not go on: asked to stop, lease lost, or another unit failed. */
    public void checkpoint() {
        if (stopRequested.getAsBoolean()) {
            throw new Failure(
                    FailureKind.ABORTED, "stopped on request", "Start it again: it goes on with what is missing.");
        }
        if (firstFailure.get() != null) {
            throw new Failure(FailureKind.ABORTED, "another unit failed", "See the first failure of the run.");
        }
        lease.run();
    }

    /** Remembers what ended the run; only the first counts, the others follow from it. */
    void failed(Throwable thrown) {
        firstFailure.compareAndSet(null, causeOf(thrown));
    }

    /** Without its lease a run may meet whatever its successor has written: then that it was lost is what went wrong. */
    private Throwable causeOf(Throwable thrown) {
        try {
            lease.run();
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.LOCK_LOST && failure != thrown) {
                failure.addSuppressed(thrown);
                return failure;
            }
        }
        return thrown;
    }

    public @Nullable Throwable failure() {
        return firstFailure.get();
    }
}
