package io.firedrill.archive;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Notices about the backups of a source, on one subject. Each is an object of its own under the next number, and the last
 * one counts: what is taken back stays readable, and a store that lets nothing be deleted will do.
 */
public final class NoticeBoard {
    private static final Pattern NAME = Pattern.compile("([^/]+)/(\\d{6})");

    private final ObjectStore store;
    private final String prefix;
    private final String kind;

    NoticeBoard(ObjectStore store, String prefix, String kind) {
        this.store = store;
        this.prefix = prefix;
        this.kind = kind;
    }

    /** The notices that stand, by backup. */
    public Map<BackupId, Notice> standing() {
        Map<BackupId, Notice> standing = new TreeMap<>();
        newest("")
                .forEach((id, number) ->
                        read(id, number).filter(Notice::stands).ifPresent(notice -> standing.put(id, notice)));
        return standing;
    }

    /** The backups that anything was ever said of. */
    public Set<BackupId> about() {
        return newest("").keySet();
    }

    public Optional<Notice> standing(BackupId id) {
        return Optional.ofNullable(newest(id + "/").get(id))
                .flatMap(number -> read(id, number))
                .filter(Notice::stands);
    }

    /** Adds a notice after whatever others add at the same time. */
    public void put(BackupId id, Notice notice) {
        int number = newest(id + "/").getOrDefault(id, 0);
        byte[] bytes = ArchiveFile.encode(kind, notice.toBson());
        do {
            number++;
        } while (!store.create(key(id, number), Content.of(bytes)));
    }

    /** Every object about a backup, the newest last: as long as one is left, the board says what it said. */
    public List<ObjectKey> keysOf(BackupId id) {
        try (Stream<ObjectInfo> found = store.list(prefix + id + "/")) {
            return found.map(ObjectInfo::key).toList();
        }
    }

    private Map<BackupId, Integer> newest(String below) {
        Map<BackupId, Integer> newest = new TreeMap<>();
        try (Stream<ObjectInfo> found = store.list(prefix + below)) {
            found.map(info -> NAME.matcher(info.key().value().substring(prefix.length())))
                    .filter(Matcher::matches)
                    .filter(name -> BackupId.isValid(name.group(1)))
                    .forEach(name ->
                            newest.merge(new BackupId(name.group(1)), Integer.parseInt(name.group(2)), Integer::max));
        }
        return newest;
    }

    private Optional<Notice> read(BackupId id, int number) {
        ObjectKey key = key(id, number);
        return store.read(key, ArchiveFile.BYTES_MAX).map(bytes -> ArchiveFile.decode(kind, key, bytes, Notice::from));
    }

    private ObjectKey key(BackupId id, int number) {
        return ObjectKey.of(prefix + id + "/%06d".formatted(number));
    }
}
