package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The sweeps of a source that have begun and not ended.
 *
 * <p>Sweeps and backups meet here even if both believe to hold the lease. A backup writes a part and then looks here; a
 * sweep writes itself down here and then looks at the parts. So one of the two sees the other, whatever their order. The
 * end of a sweep is an object too, since a store may refuse to delete.
 */
public final class SweepLog {
    private static final String KIND = "sweep";
    private static final String BEGUN = "begun";
    private static final String ENDED = "ended";

    private final ObjectStore store;
    private final String prefix;

    SweepLog(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    public void begin(Sweep sweep) {
        store.create(key(sweep.id(), BEGUN), Content.of(ArchiveFile.encode(KIND, sweep.toBson())));
    }

    /** After this, nothing of the sweep is deleted any more. */
    public void end(Sweep sweep) {
        store.create(key(sweep.id(), ENDED), Content.of(ArchiveFile.encode(KIND, sweep.toBson())));
    }

    /** The objects of each sweep that has ended, in the order in which they may go. */
    public List<List<ObjectKey>> ended() {
        return ids(ENDED).stream()
                .map(id -> List.of(key(id, BEGUN), key(id, ENDED)))
                .toList();
    }

    public List<Sweep> open() {
        Set<String> ids = ids(BEGUN);
        // Looked at second: a sweep that ends in between is seen to have ended, and whatever it deleted is deleted.
        if (!ids.isEmpty()) {
            ids.removeAll(ids(ENDED));
        }
        List<Sweep> open = new ArrayList<>();
        for (String id : ids) {
            ObjectKey key = key(id, BEGUN);
            store.read(key, ArchiveFile.BYTES_MAX)
                    .map(bytes -> ArchiveFile.decode(KIND, key, bytes, Sweep::from))
                    .ifPresent(open::add);
        }
        return open;
    }

    /**
     * Fails if one of these segments may be deleted at any moment. Look here first and then for the objects: what a sweep
     * deleted that has ended since is then found missing.
     */
    public void requireUntouched(List<Segment> segments) {
        for (Sweep sweep : open()) {
            segments.stream()
                    .flatMap(segment -> segment.objects().stream())
                    .map(Segment::address)
                    .filter(sweep.segments()::contains)
                    .findFirst()
                    .ifPresent(address -> {
                        throw new Failure(
                                FailureKind.LOCK_HELD,
                                "sweep %s began at %s, has not ended, and may delete segment %s"
                                        .formatted(sweep.id(), sweep.at(), address),
                                "Run 'firedrill prune', which ends a sweep that was cut off; then back up again.");
                    });
        }
    }

    private Set<String> ids(String name) {
        Set<String> ids = new TreeSet<>();
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            found.map(info -> info.key().value().substring(prefix.length()).split("/", 2))
                    .filter(parts -> parts.length == 2 && parts[1].equals(name))
                    .forEach(parts -> ids.add(parts[0]));
        }
        return ids;
    }

    private ObjectKey key(String id, String name) {
        return ObjectKey.of(prefix + id + "/" + name);
    }
}
