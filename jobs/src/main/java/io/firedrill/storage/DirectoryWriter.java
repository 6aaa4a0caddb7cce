package io.firedrill.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.time.Duration;

/** Writes an object beside the others, and gives it its name once it is whole, right and on the disk. */
final class DirectoryWriter {
    /** The folder of unfinished files; on the store's own file system, as links cannot leave one. */
    static final String SCRATCH = ".firedrill-tmp";

    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private final Path root;
    private final Path scratch;
    private final Publication publication;
    private final DirectoryFaults faults;

    DirectoryWriter(Path root, Publication publication, DirectoryFaults faults) {
        this.root = root;
        this.scratch = root.resolve(SCRATCH);
        this.publication = publication;
        this.faults = faults;
    }

    /** Returns false, and changes nothing, if the target exists. */
    boolean write(ObjectKey key, Path target, Content content) throws IOException {
        createFolders(scratch);
        var file = Files.createTempFile(scratch, "put-", "");
        try {
            fill(file, key, content);
            removeAbandoned(Files.getLastModifiedTime(file));
            return publish(file, target);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void fill(Path file, ObjectKey key, Content content) throws IOException {
        var digest = Sha256.begin();
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
                var in = content.open()) {
            long bytes = in.transferTo(out);
            channel.force(true);
            if (bytes != content.bytes() || !content.hasSha256(digest.digest())) {
                throw faults.damaged("create '%s'".formatted(key), "the bytes do not match their checksum");
            }
        }
    }

    private boolean publish(Path file, Path target) throws IOException {
        var folder = target.getParent() == null ? root : target.getParent();
        createFolders(folder);
        boolean created = publication.publish(file, target);
        sync(folder);
        return created;
    }

    /** Creates what is missing of the path, and makes each new name durable in the folder above it. */
    private static void createFolders(Path folder) throws IOException {
        var above = folder.getParent();
        if (Files.isDirectory(folder) || above == null) {
            return;
        }
        createFolders(above);
        Files.createDirectories(folder);
        sync(above);
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes what killed processes left, by the file system's own clock; one look per write is cheap, as few lie here. */
    private void removeAbandoned(FileTime now) throws IOException {
        try (var files = Files.newDirectoryStream(scratch, "put-*")) {
            for (Path file : files) {
                removeIfAbandoned(file, now);
            }
        }
    }

    private static void removeIfAbandoned(Path file, FileTime now) throws IOException {
        try {
            var age = Duration.between(Files.getLastModifiedTime(file).toInstant(), now.toInstant());
            if (age.compareTo(ABANDONED_AFTER) > 0) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Its writer has just finished.
        }
    }
}
