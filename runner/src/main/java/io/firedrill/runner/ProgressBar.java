package io.firedrill.runner;

import io.firedrill.evidence.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Shows how far a phase has come: a bar on a terminal, a line now and then elsewhere, or nothing. */
final class ProgressBar implements Progress {
    /** How progress is shown. */
    enum Style {
        BAR,
        LINES,
        NONE
    }

    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final int COLUMNS = 24;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Style style;
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final UnaryOperator<String> shown;
    private final long pauseNanos;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong nextNanos = new AtomicLong();
    // The three fields below belong to the thread that begins and ends phases; drawing sees them under the lock.
    private String phase = "";
    private Supplier<String> detail = () -> "";
    private long expected;
    private long beganNanos;

    /**
     * @param shown makes what somebody says fit to be shown: it may hold names out of a source
     */
    ProgressBar(Style style, PrintStream out, LongSupplier nanoTime, Duration interval, UnaryOperator<String> shown) {
        this.style = style;
        this.out = out;
        this.nanoTime = nanoTime;
        this.shown = shown;
        this.pauseNanos = (style == Style.BAR ? REDRAW : interval).toNanos();
    }

    @Override
    public synchronized void begin(String name, long bytesExpected) {
        phase = name;
        detail = () -> "";
        expected = bytesExpected;
        beganNanos = nanoTime.getAsLong();
        done.set(0);
        nextNanos.set(beganNanos + pauseNanos);
        if (style == Style.BAR) {
            draw();
        }
    }

    @Override
    public void advance(long bytes) {
        done.addAndGet(bytes);
        if (style == Style.NONE) {
            return;
        }
        long now = nanoTime.getAsLong();
        long due = nextNanos.get();
        // Of all threads that find a drawing due, the one that moves the mark draws.
        if (now - due >= 0 && nextNanos.compareAndSet(due, now + pauseNanos)) {
            draw();
        }
    }

    @Override
    public synchronized void detail(Supplier<String> words) {
        detail = words;
    }

    /** An alarm: it is heard even by whoever wants to see no progress. */
    @Override
    public synchronized void say(String line) {
        out.print((style == Style.BAR ? CLEAR_LINE : "") + shown.apply(line) + System.lineSeparator());
        out.flush();
    }

    @Override
    public synchronized void end() {
        if (phase.isEmpty() || style == Style.NONE) {
            return;
        }
        double seconds = seconds();
        out.print((style == Style.BAR ? CLEAR_LINE : "") + phase + ": " + ended(seconds) + System.lineSeparator());
        out.flush();
        phase = "";
    }

    /** A phase that moved no bytes says only how long it took. */
    private String ended(double seconds) {
        String took = Figures.seconds(seconds);
        return done.get() == 0
                ? took
                : Figures.bytes(done.get()) + " in " + took + " (" + Figures.rate(done.get(), seconds) + ")";
    }

    private synchronized void draw() {
        if (phase.isEmpty()) {
            return;
        }
        double seconds = seconds();
        if (style == Style.BAR) {
            String bar = expected > 0 ? Figures.bar(share(), COLUMNS, out.charset()) + "  " : "";
            out.print(CLEAR_LINE + phase + "  " + bar + state(seconds) + detail.get());
        } else {
            out.print(phase + ": " + state(seconds) + detail.get() + System.lineSeparator());
        }
        out.flush();
    }

    private String state(double seconds) {
        long bytes = done.get();
        if (expected <= 0) {
            return bytes == 0 ? Figures.seconds(seconds) : Figures.bytes(bytes) + "  " + Figures.rate(bytes, seconds);
        }
        String text = Figures.percent(share()) + "  " + Figures.bytes(bytes) + " of " + Figures.bytes(expected) + "  "
                + Figures.rate(done.get(), seconds);
        double left = Math.max(0, expected - bytes);
        return bytes == 0 ? text : text + "  ETA " + Figures.seconds(left * seconds / bytes);
    }

    private double share() {
        // What is expected may be an estimate.
        return Math.min(1, (double) done.get() / expected);
    }

    private double seconds() {
        return (nanoTime.getAsLong() - beganNanos) / NANOS;
    }
}
