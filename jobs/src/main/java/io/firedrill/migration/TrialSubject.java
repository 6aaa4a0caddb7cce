package io.firedrill.migration;

import io.firedrill.failure.Failure;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A change that is run again and again against a server of our own, each time through a proxy of its own. Between two runs whoever
 * calls brings the database back to where it was.
 *
 * @param port of the server, a mongod on this machine that takes connections without TLS
 * @param target with the server's own connection string; its limit is that of each run
 * @param nanoTime the monotonic clock
 */
public record TrialSubject(ChangeRunner runner, Change change, int port, RunTarget target, LongSupplier nanoTime) {

    /**
     * Runs it to its end, and counts what it writes.
     *
     * @throws Failure if it does not end within its time, or what it sends cannot be read
     */
    public ProxiedEnd count() {
        try (WireProxy proxy = counting();
                RunningChange running = start(proxy)) {
            return end(running, proxy);
        }
    }

    WireProxy counting() {
        return WireProxy.counting(port, ownCollections(), nanoTime);
    }

    WireProxy meeting(Meeting.Guest guest) {
        return WireProxy.meeting(port, ownCollections(), nanoTime, guest);
    }

    WireProxy withholdingLock(Runnable atLock, Runnable atOther) {
        return WireProxy.withholdingLock(port, ownCollections(), nanoTime, atLock, atOther);
    }

    WireProxy cutting(Cut cut, Runnable atCut) {
        return WireProxy.cutting(port, ownCollections(), nanoTime, cut, atCut);
    }

    private ToolNamespaces ownCollections() {
        return ToolNamespaces.of(runner.bookkeeping(), target.database());
    }

    RunningChange start(WireProxy proxy) {
        return runner.apply(change, target.by(proxy.uri(target.uri())));
    }

    static ProxiedEnd end(RunningChange running, WireProxy proxy) {
        RunEnd end = await(running, proxy);
        proxy.requireSound();
        return new ProxiedEnd(end, proxy.seen());
    }

    private static RunEnd await(RunningChange running, WireProxy proxy) {
        try {
            return running.await();
        } catch (Failure thrown) {
            // A process that is cut off because it cannot be read may try until its time is over.
            proxy.requireSound();
            throw thrown;
        }
    }

    /** Why a run says nothing of what was to be tried; empty if it came to the cut. */
    static Optional<String> notTested(Cut cut, WireProxy proxy, ProxiedEnd ended) {
        if (proxy.reached()) {
            return Optional.empty();
        }
        if (proxy.unanswered()) {
            return Optional.of("the write of %s asks for no answer, so none can be lost".formatted(cut.name()));
        }
        return Optional.of("%s was not reached: the process ended with %d after %d data writes and %d of rows (%s)"
                .formatted(
                        cut.name(),
                        ended.end().code(),
                        ended.seen().data(),
                        ended.seen().rows(),
                        ended.end().lastWords()));
    }
}
