package io.firedrill.evidence;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of a run: wall time says when, the monotonic clock says how long.
 *
 * <p>The only type that reads the real ones: recovery time is the product, so tests own time.
 */
public final class Clocks {
    private final InstantSource wall;
    private final LongSupplier nanos;

    public Clocks(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
    }

    /** The machine's own clocks. */
    public static Clocks system() {
        return new Clocks(InstantSource.system(), System::nanoTime);
    }

    public Instant now() {
        return wall.instant();
    }

    /** Nanoseconds since an arbitrary moment; only differences mean something. */
    public long nanos() {
        return nanos.getAsLong();
    }

    public InstantSource wall() {
        return wall;
    }

    public LongSupplier ticker() {
        return nanos;
    }
}
