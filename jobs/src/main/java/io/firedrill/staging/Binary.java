package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where the mongod to start is. */
final class Binary {
    private static final long SECONDS_MAX = 10;

    private Binary() {}

    /** The absolute path of what a path or a name on the PATH means. */
    static String find(String mongod) {
        return candidates(mongod)
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(file -> file.toAbsolutePath().toString())
                .orElseThrow(
                        () -> new Failure(
                                FailureKind.CONFIGURATION_INVALID,
                                "there is no mongod to start: '%s' is no executable file%s"
                                        .formatted(mongod, mongod.contains(File.separator) ? "" : " on the PATH"),
                                "Install MongoDB 6.0 or later so that mongod is on the PATH, or point FIREDRILL_MONGOD at the binary."));
    }

    /** The path, and the first line of what the program says of itself. */
    static String version(String binary) {
        try {
            Process asked = BareEnvironment.of(new ProcessBuilder(binary, "--version"))
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            if (!asked.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                throw noMongod(binary, "does not say its version");
            }
            String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (asked.exitValue() != 0 || !said.startsWith("db version v")) {
                throw noMongod(binary, "says no version of a mongod");
            }
            return "%s, %s".formatted(binary, said.lines().findFirst().orElse(""));
        } catch (IOException thrown) {
            throw noMongod(binary, "cannot be started");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw noMongod(binary, "was not waited for");
        }
    }

    private static Failure noMongod(String binary, String what) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s %s".formatted(binary, what),
                "Point FIREDRILL_MONGOD at a mongod 6.0 or later that runs on this machine.");
    }

    private static Stream<Path> candidates(String mongod) {
        if (mongod.contains(File.separator)) {
            return path(mongod).stream();
        }
        String directories = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(directories.split(File.pathSeparator))
                .flatMap(directory -> path(directory + File.separator + mongod).stream());
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
