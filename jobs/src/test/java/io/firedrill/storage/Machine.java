package io.firedrill.storage;

import io.firedrill.storage.Leases.Seams;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A machine in tests of leases: its clocks, which only the test moves, and what its sleepers and timers were told. */
final class Machine {
    private final String host;
    static final Duration TTL = Duration.ofSeconds(60);
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    final List<Duration> sleeps = new ArrayList<>();
    final List<Runnable> beats = new ArrayList<>();
    Instant now = NOON;
    private long nanos = 5_000_000_000L;
    Runnable whileAsleep = () -> {};

    Machine(String host) {
        this.host = host;
    }

    void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    void beat() {
        List.copyOf(beats).forEach(Runnable::run);
    }

    Holder holder(String runId) {
        return new Holder(runId, host, "boot-of-" + host + " pid:[1] 4711 99", "backup", NOON);
    }

    Leases leases(ObjectStore store) {
        return leases(store, new Processes(Path.of("/proc")));
    }

    Leases leases(ObjectStore store, Processes processes) {
        Pulse pulse = (name, interval, beat) -> {
            beats.add(beat);
            return () -> beats.remove(beat);
        };
        Sleeper sleeper = time -> {
            sleeps.add(time);
            whileAsleep.run();
        };
        return new Leases(store, TTL, new Seams(() -> now, () -> nanos, sleeper, pulse, processes));
    }
}
