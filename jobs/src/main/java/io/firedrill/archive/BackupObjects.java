package io.firedrill.archive;

import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The objects that backups of one source consist of, for those who delete them. */
public final class BackupObjects {
    private final ObjectStore store;
    private final ArchiveLayout layout;

    BackupObjects(ObjectStore store, ArchiveLayout layout) {
        this.store = store;
        this.layout = layout;
    }

    /** What is left of a backup once its manifest is gone, in the order in which it has to go: the plan last. */
    public List<ObjectKey> besideManifest(BackupId id) {
        List<ObjectKey> keys = new ArrayList<>();
        try (Stream<ObjectInfo> found = store.list(layout.backup(id))) {
            found.map(ObjectInfo::key)
                    .filter(key -> !key.equals(layout.manifest(id)) && !key.equals(layout.plan(id)))
                    .forEach(keys::add);
        }
        keys.add(layout.plan(id));
        return keys;
    }

    /** The units of a backup that are done. */
    public List<String> unitsDone(BackupId id) {
        String prefix = layout.backup(id) + "part/";
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            return found.map(info -> info.key().value().substring(prefix.length()))
                    .filter(unit -> unit.matches("\\d{6}"))
                    .toList();
        }
    }

    /** The digests of all segments in the store, referred to or not, and how many bytes each object has. */
    public Map<String, Long> segments() {
        Map<String, Long> segments = new TreeMap<>();
        try (Stream<ObjectInfo> found = store.list(layout.segments())) {
            found.forEach(info -> {
                String name = info.key().value().substring(layout.segments().length());
                String sha256 = name.substring(name.indexOf('/') + 1);
                if (Digests.isSha256(sha256) && info.key().equals(layout.segment(sha256))) {
                    segments.put(sha256, info.bytes());
                }
            });
        }
        return segments;
    }

    public boolean isPlanned(BackupId id) {
        return store.head(layout.plan(id)).isPresent();
    }

    public ObjectKey segment(String sha256) {
        return layout.segment(Digests.checked(sha256));
    }

    public void delete(ObjectKey key) {
        store.delete(key);
    }
}
