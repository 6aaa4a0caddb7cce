package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts.Burden;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Runs a change beside somebody who uses the collections that it writes to, and measures what that one feels. */
final class ProbedRun {
    private static final int BEFORE = 200;
    private static final int P95 = 95;
    private static final int ALL = 100;

    private final Rehearsing rehearsing;
    private final Trial trial;

    ProbedRun(Rehearsing rehearsing, Trial trial) {
        this.rehearsing = rehearsing;
        this.trial = trial;
    }

    /** A change that writes to nothing that was there before burdens nobody, as far as this can tell. */
    void run() {
        rehearsing.putBack(trial.before());
        List<Namespace> touched = trial.wroteTo().stream().map(Namespace::parse).toList();
        UserProbe probe = rehearsing.probe(touched);
        if (!probe.isIdle()) {
            Latencies before = probe.take(BEFORE);
            during(before, probe);
        }
    }

    private void during(Latencies before, UserProbe probe) {
        var over = new CountDownLatch(1);
        var probing = CompletableFuture.supplyAsync(
                () -> probe.takeUntil(over), Thread.ofPlatform().daemon()::start);
        try {
            ProxiedEnd ended = rehearsing.subject(trial.change()).count();
            over.countDown();
            burden(before, probing.join(), ended.seen());
        } catch (Failure failure) {
            // That it does not end is told by its other runs; of this one nothing is measured then.
            rehearsing.rethrowIfOurs(failure);
        } finally {
            over.countDown();
            probing.join();
        }
    }

    /** What counts is the time in which it wrote: the start of its process burdens nobody. */
    private void burden(Latencies before, Latencies all, WritesSeen writes) {
        if (writes.firstData().isEmpty() || writes.lastRow().isEmpty()) {
            return;
        }
        Latencies felt =
                all.between(writes.firstData().getAsLong(), writes.lastRow().getAsLong());
        if (felt.count() > 0) {
            trial.burdened(
                    new Burden(felt.count(), before.percentile(P95), felt.percentile(P95), felt.percentile(ALL)));
        }
    }
}
