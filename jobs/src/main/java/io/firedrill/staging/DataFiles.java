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
 * <p>They are copied by the JDK, which leaves the work to the kernel ({@code copy_file_range}): where the file system shares
 * blocks between files, as XFS and Btrfs do, nothing is copied, and elsewhere no byte comes into this process. A child
 * {@code cp --reflink=auto} does the same and would be one more thing that has to be there.
 */
final class DataFiles {
    /** Made in advance for the journal to come, and empty: a hundred megabytes each, which a server makes anew. */
    private static final String PREPARED = "WiredTigerPreplog.";

    private DataFiles() {}

    /** Copies all that counts. */
    static long copy(Path from, Path to) throws IOException {
        long bytes = 0;
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            if (Files.isDirectory(file)) {
                Files.createDirectory(target);
            } else {
                Files.copy(file, target);
                bytes += Files.size(target);
            }
        }
        return bytes;
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
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith(PREPARED))
                    .toList();
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
