package io.firedrill.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Gives a finished file its final name, unless that name is taken: one winner, whoever races. */
@FunctionalInterface
interface Publication {
    /** Returns false, and changes nothing, if the target exists. */
    boolean publish(Path file, Path target) throws IOException;

    /** By a hard link where the file system has them: it alone is atomic and refuses to replace. */
    static Publication in(Path scratch) {
        var locked = lockedMove(scratch);
        return (file, target) -> {
            try {
                Files.createLink(target, file);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (UnsupportedOperationException e) {
                return locked.publish(file, target);
            } catch (FileSystemException e) {
                if (isRefusalOfLinks(e)) {
                    return locked.publish(file, target);
                }
                throw e;
            }
        };
    }

    /** By look and move under a lock that the operating system releases should we die. */
    static Publication lockedMove(Path scratch) {
        var threads = new ReentrantLock(); // A file lock holds between processes only.
        return (file, target) -> {
            threads.lock();
            try (var channel = FileChannel.open(
                            scratch.resolve("publish.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (!lock.isValid() || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    return false;
                }
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                return true;
            } finally {
                threads.unlock();
            }
        };
    }

    private static boolean isRefusalOfLinks(FileSystemException e) {
        return !(e instanceof AccessDeniedException)
                && !(e instanceof NoSuchFileException)
                && String.valueOf(e.getReason()).matches("(?i).*(not permitted|not supported|not implemented).*");
    }
}
