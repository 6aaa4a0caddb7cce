package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;

/** What a file holds, read again once it has changed. What cannot be read any more, for it is just being written, is kept. */
final class Reread<T> {
    private final Path file;
    private final Source<T> source;
    private T value;
    private Stamp stamp;

    /** Where it comes from. */
    @FunctionalInterface
    interface Source<T> {
        T read() throws IOException, GeneralSecurityException;
    }

    /** What is said where it cannot be read at first. */
    @FunctionalInterface
    interface Refusal {
        Failure of(Exception thrown);
    }

    /** Mounted secrets are exchanged as a whole, by a link: its target has another time. */
    private record Stamp(FileTime modified, long bytes, Path real) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file), file.toRealPath());
        }
    }

    Reread(Path file, Source<T> source, Refusal refusal) {
        this.file = file;
        this.source = source;
        try {
            this.stamp = Stamp.of(file);
            this.value = source.read();
        } catch (IOException | GeneralSecurityException thrown) {
            throw refusal.of(thrown);
        }
    }

    synchronized T now() {
        try {
            Stamp found = Stamp.of(file);
            if (!found.equals(stamp)) {
                value = source.read();
                stamp = found;
            }
        } catch (IOException | GeneralSecurityException _) {
            // What was good so far may still be.
        }
        return value;
    }
}
