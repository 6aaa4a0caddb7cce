package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.ProcessSignals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The command line in a process of its own, which can be killed without taking the test along. */
final class Running implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 600;
    private static final long LOOK_MILLIS = 3;

    private final Process process;
    private final Path err;
    private final Path out;

    private Running(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it with the heap and the collector that the launcher gives it; one compiler, for so many short lives. */
    static Running start(Path directory, Map<String, String> environment, String... arguments) {
        try {
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+UseParallelGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    Firedrill.class.getName()));
            command.addAll(List.of(arguments));
            Path out = Files.createTempFile(directory, "process-", ".out");
            Path err = Files.createTempFile(directory, "process-", ".err");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("FIREDRILL_") || name.startsWith("JAVA_TOOL"));
            builder.environment().putAll(environment);
            return new Running(builder.start(), out, err);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Waits until something is true of the world; fails if the process ends before that. */
    void awaits(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds too long until %s", what)
                    .isNegative();
            assertThat(endsWithin(Duration.ofMillis(LOOK_MILLIS)) && !condition.getAsBoolean())
                    .as("ended before %s: %s", what, err())
                    .isFalse();
        }
    }

    /** The same for whoever has no {@code try} around it yet: it is ended if it never comes to that. */
    Running metAt(String what, BooleanSupplier condition) {
        try {
            awaits(what, condition);
            return this;
        } catch (RuntimeException | AssertionError thrown) {
            close();
            throw thrown;
        }
    }

    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(thrown);
        }
    }

    int exitCode() {
        assertThat(endsWithin(Duration.ofSeconds(PATIENCE_SECONDS)))
                .as("ends: %s", err())
                .isTrue();
        return process.exitValue();
    }

    /** {@code kill -9}. */
    int kill() {
        process.destroyForcibly();
        return exitCode();
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal: TERM, STOP or CONT; after a STOP it stands still. */
    void signal(String name) {
        ProcessSignals.send(process.toHandle(), name);
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    /** The phases that ended so far, as the lines of progress tell. */
    List<String> phasesEnded() {
        return err().lines()
                .filter(line -> line.matches("[a-z]+: (.* in )?\\d[\\d.mh]*s( \\(.*\\))?"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
