package io.firedrill.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody else's program, run with bounded time and output. It gets this process's environment without Firedrill's own
 * variables and the store's credentials, which are secrets, and a standard input that is empty where nothing else is said.
 */
final class ChildProcess {
    static final int SIGNAL_BASE = 128;

    /** All by which AWS's SDKs find who they are; where and in which region is no secret. */
    private static final Set<String> STORE_CREDENTIALS = Set.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_ROLE_ARN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_CONFIG_FILE",
            "AWS_PROFILE");

    private final String what;
    private final Path directory;
    private final Map<String, String> environment;
    private final Bounds bounds;

    /** What it came to, and all that it printed. */
    record Ended(RunEnd end, String out, String err) {}

    /**
     * @param what for messages
     * @param directory where it is run
     * @param environment more variables for it
     */
    ChildProcess(String what, Path directory, Map<String, String> environment, Bounds bounds) {
        this.what = what;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.bounds = bounds;
    }

    /** Our own settings, and the credentials of our store: whoever needs the like of its own is given it by name. */
    static boolean isOurs(String variable) {
        return variable.startsWith("FIREDRILL_") || STORE_CREDENTIALS.contains(variable);
    }

    /** Runs it to its end; whether its exit code is a failure is for the caller to say. */
    Ended run(List<String> command) throws IOException {
        try (RunningProcess running = start(command)) {
            return new Ended(running.await(), running.out(), running.err());
        }
    }

    /** Starts it; whoever calls closes it. */
    RunningProcess start(List<String> command) throws IOException {
        return start(command, Files.createTempDirectory("firedrill-child"), Optional.empty());
    }

    /**
     * @param folder for what it prints, in which there may be more that it needs; removed when it is closed
     */
    RunningProcess start(List<String> command, Path folder, Optional<PipedInput> input) throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        if (input.isEmpty()) {
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        }
        builder.environment().keySet().removeIf(ChildProcess::isOurs);
        builder.environment().putAll(environment);
        RunningProcess running =
                RunningProcess.start(builder, what, bounds, SecretMask.of(environment.values()), folder);
        input.ifPresent(running::feed);
        return running;
    }
}
