package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file for the textfile collector of node_exporter: it holds the whole text or the one before, never a part. */
public final class MetricsFile {
    /** The collector reads no other. */
    private static final String SUFFIX = ".prom";

    private final Path file;

    /** Fails with {@code CONFIGURATION_INVALID} for a name that the collector does not read. */
    public MetricsFile(Path file) {
        if (!file.toString().endsWith(SUFFIX)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the file %s does not end in %s".formatted(file, SUFFIX),
                    "Name one that does: the textfile collector of node_exporter reads no other.");
        }
        this.file = file.toAbsolutePath();
    }

    /** Writes beside the file and moves there last; fails with {@code CONFIGURATION_INVALID}, and leaves nothing behind. */
    public void write(String text) {
        // Not a temporary file of Java's: only its owner might read it, and the collector is somebody else.
        Path fresh = file.resolveSibling(".%s.%s.new".formatted(file.getFileName(), UUID.randomUUID()));
        try {
            try {
                Files.writeString(fresh, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the file %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name a file in a directory that is there and can be written to.",
                    thrown);
        }
    }
}
