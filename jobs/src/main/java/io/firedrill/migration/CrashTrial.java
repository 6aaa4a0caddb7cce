package io.firedrill.migration;

import io.firedrill.migration.Cut.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Runs a change up to a cut, and again after it. Whether the database is right then is for others to judge. */
public final class CrashTrial {
    private final TrialSubject subject;

    public CrashTrial(TrialSubject subject) {
        this.subject = subject;
    }

    /**
     * What came of a run that was cut.
     *
     * @param notTested why it says nothing; empty if the cut was reached
     * @param ended the write at the cut is among those seen
     * @param cutNanos when the cut was reached, by the monotonic clock
     */
    public record Crash(Cut cut, Optional<String> notTested, ProxiedEnd ended, OptionalLong cutNanos) {}

    /**
     * What came of the run after it.
     *
     * @param takeover from the cut to its first data write, or to its row if it wrote no data: with the start of its process and
     *     the wait for the lock; empty where it wrote nothing
     */
    public record Resumption(ProxiedEnd ended, Optional<Duration> takeover) {}

    /**
     * Runs the change and makes the cut. A cut that was not reached is no success: nothing was tried.
     *
     * @param cut any but a freeze, which {@link FrozenRunner} makes
     * @throws io.firedrill.failure.Failure if the process does not end within its time, or what it sends cannot be read
     */
    public Crash crash(Cut cut) {
        if (cut.mode() == Mode.FREEZE) {
            throw new IllegalArgumentException("nobody would let it go on after " + cut.name());
        }
        var victim = new CompletableFuture<RunningChange>();
        var reachedAt = new AtomicLong();
        Runnable atCut = () -> {
            reachedAt.set(subject.nanoTime().getAsLong());
            if (cut.mode().kills()) {
                victim.join().kill();
            }
        };
        try (WireProxy proxy = subject.cutting(cut, atCut);
                RunningChange running = start(proxy, victim)) {
            ProxiedEnd ended = TrialSubject.end(running, proxy);
            return new Crash(
                    cut,
                    TrialSubject.notTested(cut, proxy, ended),
                    ended,
                    proxy.reached() ? OptionalLong.of(reachedAt.get()) : OptionalLong.empty());
        }
    }

    /** A process may come to its cut before we have it in hand: it is waited for. */
    private RunningChange start(WireProxy proxy, CompletableFuture<RunningChange> victim) {
        try {
            RunningChange running = subject.start(proxy);
            victim.complete(running);
            return running;
        } finally {
            victim.cancel(false);
        }
    }

    /** Runs the change again, undisturbed, as whoever is called after a crash would. */
    public Resumption resume(Crash crash) {
        ProxiedEnd ended = subject.count();
        OptionalLong since = crash.cutNanos();
        OptionalLong atWork = ended.seen().atWork();
        return new Resumption(
                ended,
                since.isPresent() && atWork.isPresent()
                        ? Optional.of(Duration.ofNanos(atWork.getAsLong() - since.getAsLong()))
                        : Optional.empty());
    }
}
