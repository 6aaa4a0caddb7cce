package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that a command was asked to write; one that is there stays as it is. */
final class WrittenFile {
    private WrittenFile() {}

    /** Fails where something is there already. */
    static void requireNew(Path file) {
        if (Files.exists(file)) {
            throw there(file);
        }
    }

    static void create(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException _) {
            throw there(file);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the file %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name a file in a directory that is there and can be written to.",
                    thrown);
        }
    }

    private static Failure there(Path file) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the file %s is there already".formatted(file),
                "Name one that is not, or move it away: nothing is overwritten.");
    }
}
