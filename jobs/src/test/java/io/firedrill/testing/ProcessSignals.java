package io.firedrill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Signals that Java itself does not send. */
public final class ProcessSignals {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ProcessSignals() {}

    /**
     * Sends a signal; returns once a STOP has stopped the process as a whole. When {@code kill} has ended the signal is only on its way:
     * a thread that is at work on another core may still give an answer.
     *
     * @param signal "STOP" or "CONT"
     */
    public static void send(ProcessHandle process, String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -%s ended with %d".formatted(signal, code));
            }
        } catch (IOException | InterruptedException thrown) {
            throw new IllegalStateException("no signal can be sent", thrown);
        }
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        if (signal.equals("STOP") && Files.isDirectory(threads)) {
            Patience.await(
                    "all threads of %d have stopped".formatted(process.pid()), PATIENCE, () -> haveStopped(threads));
        }
    }

    private static boolean haveStopped(Path threads) {
        try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
            for (Path thread : each) {
                if (!hasStopped(thread.resolve("stat"))) {
                    return false;
                }
            }
            return true;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The state is the letter after the name, which is in brackets and may have brackets in it: proc(5). */
    private static boolean hasStopped(Path stat) throws IOException {
        try {
            String line = Files.readString(stat);
            return line.charAt(line.lastIndexOf(')') + 2) == 'T';
        } catch (NoSuchFileException _) {
            // A thread that has ended answers nobody.
            return true;
        }
    }
}
