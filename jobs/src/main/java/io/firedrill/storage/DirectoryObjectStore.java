package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A store in a directory: each object is a file under its key.
 *
 * <p>A directory that does not exist yet is an empty store; the first object creates it. A key cannot be the folder of
 * another key here, which S3 would allow. Symbolic links below the directory are not followed.
 */
final class DirectoryObjectStore implements ObjectStore {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path root;
    private final DirectoryFaults faults;
    private final DirectoryWriter writer;

    DirectoryObjectStore(Path root) {
        this(root, Publication.in(root.resolve(DirectoryWriter.SCRATCH)));
    }

    DirectoryObjectStore(Path root, Publication publication) {
        this.root = root.toAbsolutePath().normalize();
        this.faults = new DirectoryFaults(location());
        this.writer = new DirectoryWriter(this.root, publication, faults);
    }

    @Override
    public boolean create(ObjectKey key, Content content) {
        String operation = "create '%s'".formatted(key);
        try {
            var target = pathOf(key);
            return !isObject(target, operation) && writer.write(key, target, content);
        } catch (IOException e) {
            throw faults.of(operation, e);
        }
    }

    @Override
    public boolean createLocked(ObjectKey key, Content content, Instant until) {
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "create '%s' in %s: a directory does not lock objects".formatted(key, location()),
                "Keep evidence in an S3 bucket that was created with Object Lock, or unset FIREDRILL_EVIDENCE_LOCK.");
    }

    @Override
    public Optional<Instant> lockedUntil(ObjectKey key) {
        return Optional.empty();
    }

    @Override
    public Optional<InputStream> open(ObjectKey key) {
        return open(key, 0, -1);
    }

    @Override
    public Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        return open(key, Spans.notNegative(offset), Spans.notNegative(length));
    }

    /** A negative length means all there is. */
    @SuppressWarnings("resource") // The channel is closed by the stream that reads it.
    private Optional<InputStream> open(ObjectKey key, long offset, long length) {
        String operation = "read '%s'".formatted(key);
        try {
            var path = pathOf(key);
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            var channel = FileChannel.open(path, READ);
            long size = channel.size();
            if (offset + Math.max(length, 0) > size) {
                channel.close();
                throw faults.damaged(operation, Spans.beyondTheEnd(offset, length, size));
            }
            channel.position(offset);
            return Optional.of(new ExactStream(
                    Channels.newInputStream(channel),
                    length < 0 ? size : length,
                    faults.damaged(operation, "it became shorter while it was read"),
                    e -> faults.of(operation, e)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw faults.of(operation, e);
        }
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, int bytesMax) {
        return open(key).map(in -> Spans.readAll(in, key, bytesMax));
    }

    @Override
    public Optional<ObjectInfo> head(ObjectKey key) {
        try {
            var path = pathOf(key);
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(new ObjectInfo(key, Files.size(path)))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw faults.of("look at '%s'".formatted(key), e);
        }
    }

    @Override
    public Stream<ObjectInfo> list(String prefix) {
        return listAfter(prefix, "");
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, ObjectKey after) {
        return listAfter(prefix, after.value());
    }

    private Stream<ObjectInfo> listAfter(String prefix, String after) {
        String operation = "list '%s'".formatted(Spans.checkedPrefix(prefix));
        var listing = new DirectoryListing(
                resolve(DirectoryListing.folderOf(prefix)),
                prefix,
                after,
                DirectoryWriter.SCRATCH,
                e -> faults.of(operation, e));
        var keys = Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(keys, false);
    }

    @Override
    public void delete(ObjectKey key) {
        try {
            var path = pathOf(key);
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw faults.of("delete '%s'".formatted(key), e);
        }
    }

    private Path pathOf(ObjectKey key) {
        if (key.value().startsWith(DirectoryWriter.SCRATCH + "/")) {
            throw new IllegalArgumentException("object key in the store's own folder: '%s'".formatted(key));
        }
        return resolve(key.value());
    }

    /** The path below the root; a symbolic link on the way might lead out, so none is followed. */
    private Path resolve(String name) {
        var path = root;
        for (Path segment : Path.of(name)) {
            path = path.resolve(segment);
            if (!path.equals(root) && Files.isSymbolicLink(path)) {
                throw faults.damaged("look at '%s'".formatted(name), "there is a symbolic link on the way");
            }
        }
        return path;
    }

    private boolean isObject(Path path, String operation) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s in %s: there is a directory of that name".formatted(operation, location()),
                    "Point the store's URL at a directory that holds nothing but this store.");
        }
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String location() {
        return "file://" + root;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
