package io.firedrill.runner;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** All that a run takes from the process around it, so that a test can hand in its own. */
record Surroundings(
        Map<String, String> environment,
        Path workingDirectory,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        LongSupplier nanoTime,
        UnaryOperator<String> redaction,
        StopSignal stop,
        OperationsFactory operations) {

    static Surroundings ofProcess(StopSignal stop, UnaryOperator<String> redaction, OperationsFactory operations) {
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                System.in,
                System.out,
                System.err,
                Terminal.ofProcess(),
                System::nanoTime,
                redaction,
                stop,
                operations);
    }

    /** Colour is for a terminal whose owner has not declined it. */
    Paint paint(boolean terminal, boolean declined) {
        boolean refused = declined || !environment.getOrDefault("NO_COLOR", "").isEmpty() || dumb();
        return terminal && !refused ? Paint.COLOR : Paint.PLAIN;
    }

    /** A terminal that cannot move its cursor. */
    boolean dumb() {
        return environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** A text that may hold secrets of ours and names of others, as a terminal is shown it; a secret is sought as it was written. */
    String shown(String text) {
        return Visible.of(redaction.apply(text));
    }

    @Override
    public String toString() {
        // The environment holds secrets.
        return "surroundings of " + workingDirectory;
    }
}
