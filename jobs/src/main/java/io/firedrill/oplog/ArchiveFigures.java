package io.firedrill.oplog;

import io.firedrill.mongo.OplogHead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far an archiver has come. Written by its thread, read by anybody. */
public final class ArchiveFigures {
    private final InstantSource clock;
    private volatile Snapshot now = new Snapshot(0, 0, 0, null, null);

    ArchiveFigures(InstantSource clock) {
        this.clock = clock;
    }

    private record Snapshot(
            long links,
            long entries,
            long bytes,
            @Nullable Instant newest,
            @Nullable Duration rpo) {}

    void stored(long entries, long bytes, OplogHead last, Optional<Duration> rpo) {
        Snapshot before = now;
        now = new Snapshot(
                before.links + 1, before.entries + entries, before.bytes + bytes, last.wall(), rpo.orElse(before.rpo));
    }

    /** Slices that were stored. */
    public long links() {
        return now.links;
    }

    public long entries() {
        return now.entries;
    }

    /** As they came from the source. */
    public long bytesRaw() {
        return now.bytes;
    }

    /** How far the archive is behind the present: an idle source writes an entry every ten seconds. */
    public Optional<Duration> lag() {
        return Optional.ofNullable(now.newest).map(newest -> Duration.between(newest, clock.instant()));
    }

    /** The newest sample. */
    public Optional<Duration> rpo() {
        return Optional.ofNullable(now.rpo);
    }
}
