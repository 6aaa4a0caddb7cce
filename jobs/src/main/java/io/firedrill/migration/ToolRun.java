package io.firedrill.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A migration tool's process, as it is to be started.
 *
 * @param what for messages
 * @param folder of its own, removed in the end
 * @param input what it reads on its standard input
 * @param unstartable what to say where there is no such program
 */
record ToolRun(
        String what,
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Path folder,
        Optional<PipedInput> input,
        Function<IOException, RuntimeException> unstartable) {
    /** In which environment a process of ours finds the connection string. */
    static final String URI = "FIREDRILL_RUN_URI";

    /** Whoever changes much prints much, and yet no disk is filled. */
    private static final int OUTPUT_BYTES_MAX = 64 << 20;

    /** One that has nothing to read. */
    ToolRun(
            String what,
            List<String> command,
            Path directory,
            Map<String, String> environment,
            Path folder,
            Function<IOException, RuntimeException> unstartable) {
        this(what, command, directory, environment, folder, Optional.empty(), unstartable);
    }

    /**
     * Makes a folder for a process, which is removed with it, and at once where none comes of it.
     *
     * @param start starts the process that owns it from then on
     */
    static RunningChange inNewFolder(Function<Path, RunningChange> start) {
        Path folder = newFolder();
        try {
            return start.apply(folder);
        } catch (RuntimeException thrown) {
            RunningProcess.remove(folder);
            throw thrown;
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("firedrill-change");
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    RunningChange start(RunTarget target) {
        var bounds = new Bounds(
                target.limit(),
                "See what it waits for: a lock that another run holds, a server, or a thread of the application that never ends; or give it more time.",
                OUTPUT_BYTES_MAX,
                Optional.empty());
        try {
            return new ChildProcess(what, directory, environment, bounds).start(shielded(target), folder, input);
        } catch (IOException thrown) {
            throw unstartable.apply(thrown);
        }
    }

    private List<String> shielded(RunTarget target) {
        return target.shielded() ? Shield.around(command, System.getenv().getOrDefault("PATH", "")) : command;
    }
}
