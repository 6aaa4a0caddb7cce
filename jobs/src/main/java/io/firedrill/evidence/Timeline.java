package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The phases of one attempt of a run, timed by the monotonic clock and handed on as each ends, the failed ones too.
 *
 * <p>Thread-safe. Phases may repeat and may overlap.
 */
public final class Timeline {
    private final Clocks clocks;
    private final Consumer<Phase> durable;
    private final int attempt;
    private final Instant origin;
    private final long originNanos;
    private final List<Phase> phases = new ArrayList<>();

    /** The attempt starts now; {@code durable} stores a phase before the run goes on. */
    public Timeline(Clocks clocks, Consumer<Phase> durable, int attempt) {
        this(clocks, durable, attempt, clocks.now(), clocks.nanos());
    }

    /** The attempt started at {@code origin}, when the monotonic clock showed {@code originNanos}. */
    Timeline(Clocks clocks, Consumer<Phase> durable, int attempt, Instant origin, long originNanos) {
        this.clocks = clocks;
        this.durable = durable;
        this.attempt = attempt;
        this.origin = origin;
        this.originNanos = originNanos;
    }

    /** Does the work and records it as a phase; {@code insideRto} is false for what comes after the copy is usable. */
    public <T extends @Nullable Object> T measure(String phase, boolean insideRto, Supplier<T> work) {
        Instant begin = moment();
        T result;
        try {
            result = work.get();
        } catch (Throwable thrown) {
            keepFailed(phase, begin, insideRto, thrown);
            throw thrown;
        }
        keep(ended(phase, begin, insideRto, false));
        return result;
    }

    public void measure(String phase, boolean insideRto, Runnable work) {
        this.<@Nullable Void>measure(phase, insideRto, () -> {
            work.run();
            return null;
        });
    }

    /** The phases of this attempt that have ended, in the order of their ends. */
    public List<Phase> phases() {
        synchronized (phases) {
            return List.copyOf(phases);
        }
    }

    /** Now, as the attempt's wall start plus monotonic time since. */
    Instant moment() {
        return origin.plus(Duration.ofNanos(clocks.nanos() - originNanos));
    }

    private Phase ended(String phase, Instant begin, boolean insideRto, boolean failed) {
        return new Phase(phase, attempt, begin, Duration.between(begin, moment()), insideRto, failed);
    }

    private void keep(Phase phase) {
        synchronized (phases) {
            phases.add(phase);
        }
        durable.accept(phase);
    }

    private void keepFailed(String phase, Instant begin, boolean insideRto, Throwable thrown) {
        try {
            keep(ended(phase, begin, insideRto, true));
        } catch (RuntimeException notStored) {
            // Why the phase failed matters more than that nobody could write it down.
            thrown.addSuppressed(notStored);
        }
    }
}
