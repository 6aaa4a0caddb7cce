package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The same of a directory. */
final class DirectoryProbe implements StoreProbe {
    private static final byte[] ONE = "one".getBytes(UTF_8);
    private static final byte[] OTHER = "other".getBytes(UTF_8);

    private final Path root;
    private final ObjectStore store;
    private final DirectoryFaults faults;

    DirectoryProbe(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.store = new DirectoryObjectStore(root);
        this.faults = new DirectoryFaults(store.location());
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public Optional<URI> endpoint() {
        return Optional.empty();
    }

    @Override
    public boolean exists() {
        return Files.exists(root);
    }

    @Override
    public void list() {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s is not a directory".formatted(location()),
                    "Point the store's URL at a directory that holds nothing but this store.");
        }
        try (var found = store.list("")) {
            var _ = found.findFirst();
        }
    }

    @Override
    public boolean createsOnce(ObjectKey key) {
        store.create(key, Content.of(ONE));
        boolean again = store.create(key, Content.of(OTHER));
        return !again
                && store.read(key, ONE.length)
                        .filter(found -> new String(found, UTF_8).equals("one"))
                        .isPresent();
    }

    @Override
    public boolean refusesWrongChecksum(ObjectKey key) {
        try {
            store.create(key, Content.of(ONE.length, Sha256.of(OTHER), () -> new ByteArrayInputStream(ONE)));
            return false;
        } catch (Failure refused) {
            if (refused.kind() == FailureKind.BACKUP_DAMAGED) {
                return true;
            }
            throw refused;
        }
    }

    @Override
    public Instant clock(ObjectKey key) {
        try {
            return Files.getLastModifiedTime(root.resolve(key.value())).toInstant();
        } catch (IOException thrown) {
            throw faults.of("look at '%s'".formatted(key), thrown);
        }
    }

    @Override
    public void remove(ObjectKey key) {
        store.delete(key);
        try {
            // What was made for the probe alone; elsewhere there is something in it.
            Path folder = root.resolve(key.value()).getParent();
            if (folder != null && Files.isDirectory(folder) && isEmpty(folder)) {
                Files.delete(folder);
            }
        } catch (IOException thrown) {
            throw faults.of("delete '%s'".formatted(key), thrown);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }

    /** A file can be deleted by whoever may write to its folder. */
    @Override
    public void mayDelete(String prefix, String name) {
        Path folder = root.resolve(prefix);
        if (Files.isDirectory(folder) && !Files.isWritable(folder)) {
            throw new Failure(
                    FailureKind.ACCESS_DENIED,
                    "nothing may be deleted below '%s' in %s".formatted(prefix, location()),
                    "Let the user that Firedrill runs as write to that folder and those below it.");
        }
    }

    @Override
    public boolean locksUntil(ObjectKey key, Instant until) {
        return false;
    }

    @Override
    public Optional<Boolean> locks() {
        return Optional.empty();
    }

    @Override
    public Optional<Boolean> keepsVersions() {
        return Optional.empty();
    }

    @Override
    public Optional<List<String>> expirations() {
        return Optional.empty();
    }

    @Override
    public OptionalLong bytesFree() {
        try {
            return OptionalLong.of(Files.getFileStore(root).getUsableSpace());
        } catch (IOException thrown) {
            throw faults.of("look at the file system", thrown);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
