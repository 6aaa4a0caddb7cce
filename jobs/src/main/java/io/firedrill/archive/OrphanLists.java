package io.firedrill.archive;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Segments that no backup referred to when a prune looked: stores do not tell the age of an object, so what was seen
 * without a reference is written down, and deleted when it is still without one a grace period later.
 */
public final class OrphanLists {
    private static final String KIND = "orphans";

    private final ObjectStore store;
    private final String prefix;

    OrphanLists(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    public void write(Sweep seen) {
        store.create(keyOf(seen), Content.of(ArchiveFile.encode(KIND, seen.toBson())));
    }

    public List<Sweep> all() {
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            return found.map(ObjectInfo::key)
                    .map(this::read)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    public ObjectKey keyOf(Sweep seen) {
        return ObjectKey.of(prefix + seen.id());
    }

    private Optional<Sweep> read(ObjectKey key) {
        return store.read(key, ArchiveFile.BYTES_MAX).map(bytes -> ArchiveFile.decode(KIND, key, bytes, Sweep::from));
    }
}
