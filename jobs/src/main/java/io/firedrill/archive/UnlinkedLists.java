package io.firedrill.archive;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What prunes have seen of slices without a link, one list a run: stores do not tell the age of an object. */
public final class UnlinkedLists {
    private static final String KIND = "oplog-unlinked";

    private final ObjectStore store;
    private final String prefix;

    UnlinkedLists(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    public void write(UnlinkedSlices seen) {
        store.create(keyOf(seen), Content.of(ArchiveFile.encode(KIND, seen.toBson())));
    }

    public List<UnlinkedSlices> all() {
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            return found.map(ObjectInfo::key)
                    .map(this::read)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    public ObjectKey keyOf(UnlinkedSlices seen) {
        return ObjectKey.of(prefix + seen.id());
    }

    private Optional<UnlinkedSlices> read(ObjectKey key) {
        return store.read(key, ArchiveFile.BYTES_MAX)
                .map(bytes -> ArchiveFile.decode(KIND, key, bytes, UnlinkedSlices::from));
    }
}
