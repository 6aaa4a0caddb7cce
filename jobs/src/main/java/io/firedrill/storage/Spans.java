package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What may be asked of a store, judged alike by every implementation. */
final class Spans {
    private Spans() {}

    static long notNegative(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative offset or length: " + number);
        }
        return number;
    }

    /** The beginning of a key, which has to be as harmless as a key. */
    static String checkedPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            // What follows the last slash only begins a segment, so that "." is as good as any.
            ObjectKey.of(prefix + "_");
        }
        return prefix;
    }

    static String beyondTheEnd(long offset, long length, long size) {
        return "bytes %d to %d were asked for, but it has %d".formatted(offset, offset + length, size);
    }

    static byte[] readAll(InputStream opened, ObjectKey key, int bytesMax) {
        try (var in = opened) {
            byte[] bytes = in.readNBytes(bytesMax);
            if (in.read() >= 0) {
                throw new Failure(
                        FailureKind.BACKUP_DAMAGED,
                        "object '%s' has more than the %d bytes that it may have".formatted(key, bytesMax),
                        "Run a verification of the store, and find out who else writes to it.");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("streams of a store throw failures only", e);
        }
    }
}
