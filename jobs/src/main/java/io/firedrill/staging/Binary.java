package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the mongod to start is. */
final class Binary {
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
