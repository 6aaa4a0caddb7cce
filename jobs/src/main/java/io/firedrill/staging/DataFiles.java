package io.firedrill.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a server that is not running.
 *
 * <p>A child {@code cp} copies them, which lets files share their blocks where the file system can (XFS, Btrfs): there a copy of any
 * size takes no time and no room. The JDK never asks for that: it copies by {@code sendfile} (docs/MEASURED.md), and does where
 * there is no such {@code cp}.
 */
final class DataFiles {
    /** Made in advance for the journal to come, and empty: a hundred megabytes each, which a server makes anew. */
    private static final String PREPARED = "WiredTigerPreplog.";

    private DataFiles() {}

    /**
     * Copies all that counts to a place that is not there yet.
     *
     * @return the bytes of the copy
     */
    static long copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            if (String.valueOf(file.getFileName()).startsWith(PREPARED)) {
                Files.delete(file);
            }
        }
        if (!isCopiedBy("cp", from, to)) {
            copyByHand(from, to);
        }
        return bytesIn(to);
    }

    /** Whether a child has copied all of it; if not, nothing is there. */
    static boolean isCopiedBy(String command, Path from, Path to) throws IOException {
        var child = BareEnvironment.of(
                        new ProcessBuilder(command, "-R", "--reflink=auto", "--", from.toString(), to.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            if (child.start().waitFor() == 0) {
                return true;
            }
        } catch (IOException _) {
            // There is no such program.
            return false;
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while files were copied", thrown);
        }
        if (Files.exists(to)) {
            delete(to);
        }
        return false;
    }

    static void copyByHand(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            if (Files.isDirectory(file)) {
                Files.createDirectory(target);
            } else {
                Files.copy(file, target);
            }
        }
    }

    static long bytesIn(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : files(folder)) {
            bytes += Files.isDirectory(file) ? 0 : Files.size(file);
        }
        return bytes;
    }

    /** In an order in which folders come before what is in them. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
