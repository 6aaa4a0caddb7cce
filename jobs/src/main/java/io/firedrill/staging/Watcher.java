package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The shell between us and a server: it holds a pipe from us, and ends the server and removes its folder when we close the
 * pipe, or die by whatever cause.
 */
final class Watcher {
    private static final int UNKNOWN_CODE = -1;
    private static final byte[] KEEP = "keep\n".getBytes(StandardCharsets.US_ASCII);
    private static final long HAND_OVER_SECONDS_MAX = 10;

    private final Process shell;
    private final BufferedReader told;
    private final long pid;

    private Watcher(Process shell) {
        this.shell = shell;
        this.told = shell.inputReader(StandardCharsets.UTF_8);
        this.pid = Long.parseLong(line());
    }

    static Watcher start(Path folder, List<String> server) {
        var command = new ArrayList<>(List.of("sh", "-c", script(), "firedrill-staging", folder.toString()));
        command.addAll(server);
        return new Watcher(launched(command));
    }

    /** In a session of its own where there is setsid, out of the reach of Ctrl-C and of a kill of our process group. */
    private static Process launched(List<String> command) {
        var detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        try {
            return shell(detached);
        } catch (IOException _) {
            try {
                return shell(command);
            } catch (IOException thrown) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "no shell can be run: " + thrown.getMessage(),
                        "An ephemeral staging needs sh on the PATH; use a replica set of your own as staging where there is none.",
                        thrown);
            }
        }
    }

    private static Process shell(List<String> command) throws IOException {
        return BareEnvironment.of(new ProcessBuilder(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String script() {
        try (InputStream script = Watcher.class.getResourceAsStream("watch.sh")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The server's. */
    long pid() {
        return pid;
    }

    /** The server's exit code, if it has ended or ends within this time. */
    OptionalInt endedWithin(long millis) {
        try {
            // The shell outlives the server, so this is the pause unless the shell itself was killed.
            boolean orphaned = shell.waitFor(millis, TimeUnit.MILLISECONDS);
            return told.ready()
                    ? OptionalInt.of(Integer.parseInt(line()))
                    : orphaned ? OptionalInt.of(UNKNOWN_CODE) : OptionalInt.empty();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while mongod started", thrown);
        }
    }

    /** Stops watching over the folder and leaves it as it is: another one watches over it. The server here has ended. */
    void handOver() {
        try {
            shell.getOutputStream().write(KEEP);
        } catch (IOException _) {
            // The shell was killed: it will remove nothing.
        }
        release(HAND_OVER_SECONDS_MAX);
    }

    /** Closes the pipe, and waits for what follows from that. */
    void release(long seconds) {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(seconds, TimeUnit.SECONDS)) {
                shell.destroyForcibly().onExit().join();
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while mongod was ended", thrown);
        }
    }

    private String line() {
        try {
            String line = told.readLine();
            return line == null ? String.valueOf(UNKNOWN_CODE) : line;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
