package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody else's program, run to its end with bounded time and output. It gets this process's environment without
 * Firedrill's own variables, which hold secrets, and an empty standard input.
 */
final class ChildProcess {
    static final int SIGNAL_BASE = 128;

    private static final long LOOK_MILLIS = 20;
    private static final int SAID_MAX = 300;

    private final String what;
    private final Path directory;
    private final Map<String, String> environment;
    private final Duration limit;
    private final int bytesMax;

    /** What it came to. */
    record Ended(int code, String out, String err) {
        /** The last line that it said of its own failure. */
        String lastWords() {
            return Stream.concat(out.lines(), err.lines())
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(line -> line.strip().substring(0, Math.min(line.strip().length(), SAID_MAX)))
                    .orElse("it said nothing");
        }
    }

    /**
     * @param what for messages
     * @param directory where it is run
     * @param environment more variables for it
     * @param bytesMax of its output, standard output and error each
     */
    ChildProcess(String what, Path directory, Map<String, String> environment, Duration limit, int bytesMax) {
        this.what = what;
        this.directory = directory;
        this.environment = environment;
        this.limit = limit;
        this.bytesMax = bytesMax;
    }

    /** Runs it to its end; whether its exit code is a failure is for the caller to say. */
    Ended run(List<String> command) throws IOException {
        Path folder = Files.createTempDirectory("firedrill-child");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        try {
            Process process = start(command, out, err);
            // Into files, since a grandchild that lives on would hold a pipe open for ever.
            try {
                await(process, out, err);
            } finally {
                end(process);
            }
            return new Ended(process.exitValue(), text(out), text(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
            Files.deleteIfExists(folder);
        }
    }

    private Process start(List<String> command, Path out, Path err) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FIREDRILL_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void await(Process process, Path out, Path err) throws IOException {
        try {
            for (long waited = 0; !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS); waited += LOOK_MILLIS) {
                if (waited >= limit.toMillis()) {
                    throw new Failure(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            "%s did not end within %d seconds and was killed".formatted(what, limit.toSeconds()),
                            "See what it waits for: run it by hand, or raise --command-timeout if it needs longer.");
                }
                requireBounded(out);
                requireBounded(err);
            }
            requireBounded(out);
            requireBounded(err);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while %s ran".formatted(what), thrown);
        }
    }

    private void requireBounded(Path file) throws IOException {
        if (Files.size(file) > bytesMax) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s printed more than %d bytes".formatted(what, bytesMax),
                    "Make it print the list of migrations only.");
        }
    }

    /** With all that it started. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    private String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(bytesMax), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
