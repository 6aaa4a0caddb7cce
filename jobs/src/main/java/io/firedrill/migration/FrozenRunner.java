package io.firedrill.migration;

import io.firedrill.migration.Cut.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Freezes a run in the middle, as a long pause of its machine does, lets a second one do the work, and then lets the first go on: it
 * does not know that its lock is another's by now. Whether that did harm is for others to judge.
 */
public final class FrozenRunner {
    private static final long LOOK_MILLIS = 20;

    private final TrialSubject subject;

    public FrozenRunner(TrialSubject subject) {
        this.subject = subject;
    }

    /**
     * What came of it.
     *
     * @param notTested why it says nothing; empty if the first was frozen at the write
     * @param second empty where the first was not frozen
     * @param frozen how long the first was
     * @param takeover from the freezing to the second's first data write, or to its row if it wrote no data; empty where it wrote
     *     nothing
     */
    public record Thaw(
            Cut at,
            Optional<String> notTested,
            ProxiedEnd first,
            Optional<ProxiedEnd> second,
            Duration frozen,
            Optional<Duration> takeover) {}

    /**
     * Runs both to their ends.
     *
     * @param number of the data write at which the first is frozen, from 1; the server gets it
     * @param hold longer than the lock's lease; the first is frozen until the second has ended, and at least for this. A run's limit
     *     has to be longer than that
     * @throws io.firedrill.failure.Failure if one does not end within its time, or what it sends cannot be read
     */
    public Thaw run(long number, Duration hold) {
        var cut = new Cut(Mode.FREEZE, WriteKind.DATA, number);
        var reached = new CountDownLatch(1);
        var frozen = new CountDownLatch(1);
        try (WireProxy proxy = subject.cutting(cut, () -> meet(reached, frozen));
                RunningChange first = subject.start(proxy)) {
            awaitCut(reached, first);
            if (!proxy.reached()) {
                ProxiedEnd ended = TrialSubject.end(first, proxy);
                return new Thaw(
                        cut,
                        TrialSubject.notTested(cut, proxy, ended)
                                .or(() -> Optional.of("the process ended when it was to be frozen")),
                        ended,
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.empty());
            }
            first.freeze(true);
            frozen.countDown();
            return thawed(cut, proxy, first, hold);
        } finally {
            frozen.countDown();
        }
    }

    private Thaw thawed(Cut cut, WireProxy proxy, RunningChange first, Duration hold) {
        long since = subject.nanoTime().getAsLong();
        ProxiedEnd second = subject.count();
        pause(hold.minusNanos(subject.nanoTime().getAsLong() - since));
        first.freeze(false);
        var frozen = Duration.ofNanos(subject.nanoTime().getAsLong() - since);
        OptionalLong atWork = second.seen().atWork();
        return new Thaw(
                cut,
                Optional.empty(),
                TrialSubject.end(first, proxy),
                Optional.of(second),
                frozen,
                atWork.isPresent() ? Optional.of(Duration.ofNanos(atWork.getAsLong() - since)) : Optional.empty());
    }

    /** Holds the write back until whoever started the process has frozen it: nobody else may. */
    private void meet(CountDownLatch reached, CountDownLatch frozen) {
        reached.countDown();
        await(frozen, subject.target().limit().toMillis());
    }

    private void awaitCut(CountDownLatch reached, RunningChange first) {
        long since = subject.nanoTime().getAsLong();
        while (!await(reached, LOOK_MILLIS) && first.isAlive()) {
            if (subject.nanoTime().getAsLong() - since
                    > subject.target().limit().toNanos()) {
                return;
            }
        }
    }

    private static void pause(Duration duration) {
        await(new CountDownLatch(1), duration.toMillis());
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a frozen run was waited for", thrown);
        }
    }
}
