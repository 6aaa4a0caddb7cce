package io.firedrill.migration;

import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that was started, with whoever watches that it stays within its bounds. */
final class RunningProcess implements RunningChange {
    private static final long LOOK_MILLIS = 20;

    private final Process process;
    private final String what;
    private final Bounds bounds;
    private final SecretMask mask;
    private final Path folder;
    private final PrintedFile out;
    private final PrintedFile err;
    private final CompletableFuture<Duration> took;
    private final Thread watcher;
    private volatile @Nullable RuntimeException overstepped;

    private RunningProcess(
            Process process,
            String what,
            Bounds bounds,
            SecretMask mask,
            Path folder,
            PrintedFile out,
            PrintedFile err,
            CompletableFuture<Duration> took) {
        this.process = process;
        this.what = what;
        this.bounds = bounds;
        this.mask = mask;
        this.folder = folder;
        this.out = out;
        this.err = err;
        this.took = took;
        this.watcher = Thread.ofVirtual().name("child-watch").start(this::watch);
    }

    /**
     * @param folder for what it prints; removed with all that is in it when this is closed, or where nothing is started
     */
    static RunningProcess start(ProcessBuilder builder, String what, Bounds bounds, SecretMask mask, Path folder)
            throws IOException {
        // Into files, since a grandchild that lives on would hold a pipe open for ever.
        var out = new PrintedFile(folder.resolve("out"));
        var err = new PrintedFile(folder.resolve("err"));
        builder.redirectOutput(out.redirect()).redirectError(err.redirect());
        Clocks clocks = Clocks.system();
        long begun = clocks.nanos();
        try {
            Process process = builder.start();
            CompletableFuture<Duration> took =
                    process.onExit().thenApply(_ -> Duration.ofNanos(clocks.nanos() - begun));
            return new RunningProcess(process, what, bounds, mask, folder, out, err, took);
        } catch (IOException thrown) {
            remove(folder);
            throw thrown;
        }
    }

    /** On a thread of its own: who never reads it keeps nobody waiting. */
    void feed(PipedInput input) {
        Thread.ofVirtual().name("child-feed").start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                input.write(in);
            } catch (IOException _) {
                // It has ended, or closed its input: what it says of its end tells more.
            }
        });
    }

    /** Whether or not anybody waits for it. */
    private void watch() {
        try {
            for (long waited = 0; !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS); waited += LOOK_MILLIS) {
                requireQuick(waited);
                requireBounded(out);
                requireBounded(err);
            }
            requireBounded(out);
            requireBounded(err);
        } catch (Failure | UncheckedIOException thrown) {
            overstepped = thrown;
            kill();
        } catch (InterruptedException thrown) {
            overstepped = new IllegalStateException("interrupted while %s ran".formatted(what), thrown);
            kill();
        }
    }

    private void requireQuick(long millis) {
        if (millis >= bounds.limit().toMillis()) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s did not end within %d seconds and was killed"
                            .formatted(what, bounds.limit().toSeconds()),
                    bounds.slow());
        }
    }

    private void requireBounded(PrintedFile file) {
        if (file.size() <= bounds.bytesMax()) {
            return;
        }
        String loud = bounds.loud().orElse("");
        if (loud.isEmpty()) {
            file.drop();
            return;
        }
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s printed more than %d bytes".formatted(what, bounds.bytesMax()),
                loud);
    }

    @Override
    public RunEnd await() {
        try {
            process.waitFor();
            watcher.join();
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while %s ran".formatted(what), thrown);
        }
        RuntimeException why = overstepped;
        if (why != null) {
            throw why;
        }
        int code = process.exitValue();
        return new RunEnd(
                code,
                took.join(),
                LastWords.of(code, last(out), last(err)),
                out.dropped() + err.dropped(),
                Confinement.keptFrom(folder));
    }

    private String last(PrintedFile file) {
        return mask.hide(file.last());
    }

    /** All that it printed on standard output, its secrets too. */
    String out() {
        return out.text(bounds.bytesMax());
    }

    String err() {
        return err.text(bounds.bytesMax());
    }

    /** That of the tool itself: {@code setsid} becomes what it starts. */
    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void kill() {
        List<ProcessHandle> descendants = process.descendants().toList();
        // First itself, or it would start the next one when one of them is gone.
        process.destroyForcibly();
        for (ProcessHandle each : descendants) {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly();
        }
        process.onExit().join();
    }

    @Override
    public void freeze(boolean frozen) {
        // Stopping itself first, so that nobody is started meanwhile.
        signalled(frozen, List.of(process.toHandle()));
        List<ProcessHandle> descendants = process.descendants().toList();
        if (!descendants.isEmpty()) {
            signalled(frozen, descendants);
        }
    }

    /** Whoever is frozen stands still from here on: what happens next must not find it at work. */
    private void signalled(boolean frozen, List<ProcessHandle> processes) {
        signal(frozen, processes);
        if (frozen && !processes.stream().allMatch(StandStill::await)) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s was told to stop, and did not stand still".formatted(what),
                    "See what it waits for, as 'ps -o state,wchan' tells, and start again.");
        }
    }

    private void signal(boolean frozen, List<ProcessHandle> processes) {
        // The shell's own kill, since not every image has the program.
        var command = new ArrayList<>(List.of("sh", "-c", "kill \"$@\"", "sh", frozen ? "-STOP" : "-CONT"));
        processes.forEach(each -> command.add(Long.toString(each.pid())));
        try {
            var kill = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            kill.environment().keySet().retainAll(Set.of("PATH"));
            int code = kill.start().waitFor();
            if (code == 0 || !process.isAlive()) {
                return;
            }
        } catch (IOException thrown) {
            throw unsignalled(thrown);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while %s ran".formatted(what), thrown);
        }
        throw unsignalled(null);
    }

    private Failure unsignalled(@Nullable IOException thrown) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s could not be sent a signal".formatted(what),
                "It is sent by 'sh -c kill': see that there is a sh on the PATH.",
                thrown);
    }

    @Override
    public void close() {
        kill();
        try {
            watcher.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        remove(folder);
    }

    /** A folder and all that is in it, if it is still there. */
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
