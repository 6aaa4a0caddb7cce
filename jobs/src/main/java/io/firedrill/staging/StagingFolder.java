package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The private folder of one ephemeral server: its data, its key, its log, its process id. Whoever works with it holds a
 * lock in it, so that what a crash of the whole machine leaves behind can be told from what is in use.
 */
final class StagingFolder {
    private static final String PREFIX = "ephemeral-";
    private static final int KEY_BYTES = 96;
    private static final long END_SECONDS_MAX = 10;

    /** Logs, catalog and the files that an index build sorts in; the data itself is compressed. */
    private static final long BYTES_BESIDE_DATA = 512L << 20;

    /** The server makes a checkpoint when its journal, which is not compressed, has grown to this. */
    private static final long JOURNAL_BYTES_MAX = 2L << 30;

    private final Path path;
    private final String key;
    private final FileChannel lock;

    private StagingFolder(Path path, String key, FileChannel lock) {
        this.path = path;
        this.key = key;
        this.lock = lock;
    }

    /**
     * Makes one under {@code root}.
     *
     * @param bytesRaw of the data that is to be loaded
     */
    static StagingFolder create(Path root, long bytesRaw) {
        try {
            Files.createDirectories(root);
            requireRoom(root, bytesRaw);
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            // The real path, since the command line of the server is recognized by it.
            Path path = Files.createTempDirectory(root.toRealPath(), PREFIX, owner);
            FileChannel lock = FileChannel.open(lockIn(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            var folder = new StagingFolder(path, keyIn(path), lock);
            Files.createDirectory(folder.data());
            return folder;
        } catch (IOException | UnsupportedOperationException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "staging-dir %s cannot be used: %s".formatted(root, thrown),
                    "Point FIREDRILL_STAGING_DIR at a directory on a local disk that this user may write to.",
                    thrown);
        }
    }

    private static void requireRoom(Path root, long bytesRaw) throws IOException {
        requireRoom(root, bytesRaw + Math.min(bytesRaw, JOURNAL_BYTES_MAX) + BYTES_BESIDE_DATA, "this backup");
    }

    private static void requireRoom(Path root, long wanted, String what) throws IOException {
        long free = Files.getFileStore(root).getUsableSpace();
        if (free < wanted) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "staging-dir %s has %d MB free, and %s wants %d".formatted(root, free >> 20, what, wanted >> 20),
                    "Make room there, or point FIREDRILL_STAGING_DIR at a directory on a larger disk.");
        }
    }

    /** What the server lets in; it is nowhere but here and in this process. */
    private static String keyIn(Path path) throws IOException {
        var bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        String key = Base64.getEncoder().encodeToString(bytes);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.writeString(Files.createFile(path.resolve("key"), owner), key);
        return key;
    }

    private static Path lockIn(Path path) {
        return path.resolve("owner.lock");
    }

    Path path() {
        return path;
    }

    String key() {
        return key;
    }

    /** Where its server has its files. */
    Path data() {
        return path.resolve("data");
    }

    /** Copies the files of the server, which is not running, to a place of their own in the folder. */
    Saved save(int number) {
        Path kept = path.resolve("saved-" + number);
        return new Saved(number, kept, copyOf(data(), kept, "copy %d of its files".formatted(number)));
    }

    /** Puts copied files in the place of those of the server, which is not running. */
    void goBackTo(Saved saved) {
        // First, so that there is no more than one copy too many.
        delete(data());
        copyOf(saved.path(), data(), "going back to copy %d of its files".formatted(saved.number()));
    }

    /** A folder of its own for another server on copied files. */
    static StagingFolder on(Path root, Saved saved) {
        StagingFolder folder = create(root, saved.bytes());
        try {
            folder.goBackTo(saved);
            return folder;
        } catch (RuntimeException thrown) {
            remove(folder.path());
            folder.release();
            throw thrown;
        }
    }

    private long copyOf(Path from, Path to, String what) {
        try {
            requireRoom(Objects.requireNonNull(path.getParent()), DataFiles.bytesIn(from) + BYTES_BESIDE_DATA, what);
            return DataFiles.copy(from, to);
        } catch (IOException | UncheckedIOException thrown) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "the files of the ephemeral mongod cannot be copied to %s: %s".formatted(to, thrown),
                    "See whether staging-dir has room and a sound disk, and run it again.",
                    thrown);
        }
    }

    static void delete(Path files) {
        try {
            DataFiles.delete(files);
        } catch (IOException | UncheckedIOException thrown) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s cannot be removed: %s".formatted(files, thrown),
                    "See who else changes staging-dir, and run it again.",
                    thrown);
        }
    }

    /** The end of the server's log, for messages: what it says before it has any data. */
    String lastWords() {
        try (Stream<String> lines = Files.lines(path.resolve("mongod.log"))) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(line -> line.substring(0, Math.min(line.length(), 300)))
                    .orElse("it said nothing");
        } catch (IOException | UncheckedIOException _) {
            return "its log cannot be read";
        }
    }

    /** Gives the lock back; the folder itself is gone by now, or cannot be removed. */
    void release() {
        try {
            lock.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    boolean isGone() {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Removes what others left behind: their process is dead, and so is the shell that should have tidied up, since the
     * machine lost power or everything in the container was killed at once.
     *
     * @return the folders removed
     */
    static List<Path> sweep(Path root) {
        var swept = new ArrayList<Path>();
        if (!Files.isDirectory(root)) {
            return swept;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root.toRealPath(), PREFIX + "*")) {
            for (Path folder : folders) {
                if (isAbandoned(folder)) {
                    remove(folder);
                    swept.add(folder);
                }
            }
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "staging-dir %s cannot be read: %s".formatted(root, thrown),
                    "Point FIREDRILL_STAGING_DIR at a directory on a local disk that this user may read and write.",
                    thrown);
        }
        return swept;
    }

    private static boolean isAbandoned(Path folder) {
        try (FileChannel channel = FileChannel.open(lockIn(folder), StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (IOException | OverlappingFileLockException _) {
            // Another user's, one that is being made or removed right now, or one of this very process.
            return false;
        }
    }

    /** Ends the server of a folder and removes the folder, as far as it goes: whoever calls looks what is left. */
    static void remove(Path folder) {
        pidIn(folder).flatMap(pid -> serverOf(pid, folder)).ifPresent(StagingFolder::end);
        try {
            DataFiles.delete(folder);
        } catch (IOException | UncheckedIOException _) {
            // Somebody else removes it too, or nobody can: what is left is looked at by the caller.
        }
    }

    static void end(ProcessHandle server) {
        server.destroyForcibly();
        try {
            var _ = server.onExit().get(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // It may be dead without anybody having noticed: in a container the first process often does not look.
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Long> pidIn(Path folder) {
        try {
            return Optional.of(Long.parseLong(
                    Files.readString(folder.resolve("mongod.pid")).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /**
     * A process, if it is the server of a folder indeed: after a crash its number may be another's. A dead one that nobody
     * has noticed has no command line.
     */
    static Optional<ProcessHandle> serverOf(long pid, Path folder) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()));
    }
}
