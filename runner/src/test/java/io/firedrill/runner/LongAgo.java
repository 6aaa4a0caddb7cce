package io.firedrill.runner;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Reconciliation;
import io.firedrill.evidence.RunIds;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.Schedule;
import io.firedrill.storage.Leases;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** What somebody did at another time, in the store of a {@link RealCall}. */
final class LongAgo {
    private LongAgo() {}

    static Clocks at(Instant then) {
        return new Clocks(() -> then, System::nanoTime);
    }

    static RunStart start(RunKind kind, Clocks clocks) {
        return new RunStart(
                RunIds.next(clocks.now(), new SplittableRandom()),
                kind,
                "scheduled",
                "cron",
                "0.1.0",
                "host-a",
                Map.of("lease", "backup-orders"),
                Objectives.NONE);
    }

    /**
     * Puts a schedule of one entry on record, signed with the key that the store's first run makes for itself.
     *
     * @param directory the call's own
     */
    static void recordSchedule(RealCall call, Path directory, Instant then, Schedule.Entry entry, Duration grace) {
        call.fail(40, "backup");
        Clocks clocks = at(then);
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            var ledger = new Ledger(store, "default", clocks);
            var leases = new Leases(store, clocks.wall(), clocks.ticker(), Duration.ofMinutes(1));
            var schedule = new Schedule("", List.of(entry), grace);
            Path key = directory.resolve("state").resolve(EvidenceKeys.PRIVATE_KEY);
            new Reconciliation(ledger, clocks, leases, new UnixCron(), Optional.of(schedule), grace, List.of())
                    .record(ledger.writer(EvidenceKeys.read(key), Optional.empty()), kind -> start(kind, clocks));
        }
    }
}
