package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** Names what went wrong in a file system: Java tells most of it in the text of the exception only. */
final class DirectoryFaults {
    private final String location;

    DirectoryFaults(String location) {
        this.location = location;
    }

    Failure of(String operation, IOException e) {
        String reason = reasonOf(e);
        String text = reason.toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space")) {
            return failure(
                    FailureKind.STORE_FULL,
                    operation,
                    "no space left",
                    "Make room in the store's file system, or prune old backups; then start the command again.",
                    e);
        }
        if (e instanceof AccessDeniedException || text.contains("read-only file system")) {
            return failure(
                    FailureKind.ACCESS_DENIED,
                    operation,
                    text.contains("read-only") ? "the file system is read-only" : "permission denied",
                    "Give the user that runs Firedrill the right to read and write the store's directory.",
                    e);
        }
        if (e instanceof FileAlreadyExistsException
                || text.contains("name too long")
                || text.contains("not a directory")) {
            return failure(
                    FailureKind.CONFIGURATION_INVALID,
                    operation,
                    e instanceof FileAlreadyExistsException ? "a file is where a directory should be" : text,
                    "Point the store's URL at a directory that holds nothing but this store.",
                    e);
        }
        return failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                operation,
                reason,
                "Check the disk or the mount that holds the store; then start the command again.",
                e);
    }

    Failure damaged(String operation, String what) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "%s in %s: %s".formatted(operation, location, what),
                "Run a verification of the store, and find out who else writes to it.");
    }

    private Failure failure(FailureKind kind, String operation, String reason, String hint, IOException e) {
        return new Failure(kind, "%s in %s: %s".formatted(operation, location, reason), hint, e);
    }

    private static String reasonOf(IOException e) {
        String reason = e instanceof FileSystemException fs ? fs.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
