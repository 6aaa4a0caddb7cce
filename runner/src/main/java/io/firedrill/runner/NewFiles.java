package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Writes files that were not there before: all of them, or none. */
final class NewFiles {
    private NewFiles() {}

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
        } catch (IOException thrown) {
            throw notWritten(file, thrown);
        }
    }

    /** Into a directory, which is made if need be. */
    static void write(Path directory, SequencedMap<String, byte[]> files) {
        List<Path> written = new ArrayList<>();
        Path next = directory;
        try {
            Files.createDirectories(directory);
            for (var file : files.entrySet()) {
                next = directory.resolve(file.getKey());
                Files.write(next, file.getValue(), StandardOpenOption.CREATE_NEW);
                written.add(next);
            }
        } catch (IOException thrown) {
            Failure failure = notWritten(next, thrown);
            written.forEach(file -> discard(file, failure));
            throw failure;
        }
    }

    private static void discard(Path file, Failure why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException kept) {
            why.addSuppressed(kept);
        }
    }

    private static Failure notWritten(Path file, IOException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s cannot be written (%s)".formatted(file, thrown.getClass().getSimpleName()),
                "Name a place with --out where nothing of that name is yet, and that can be written to.",
                thrown);
    }
}
