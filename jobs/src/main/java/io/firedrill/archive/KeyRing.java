package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of one source: makes them, wraps them for recipients, and opens them for who holds a private key. A key is
 * written before the first segment under it. Of its generations the last one counts; nothing is rewritten. Thread-safe.
 */
public final class KeyRing {
    private static final String KIND = "key";

    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final ArchiveKeys keys;
    private final Map<String, DataKey> opened = new HashMap<>();
    private @Nullable DataKey fresh;

    KeyRing(ObjectStore store, ArchiveLayout layout, ArchiveKeys keys) {
        this.store = store;
        this.layout = layout;
        this.keys = keys;
    }

    /** What is known of a data key without opening it. */
    public record Known(String id, int generation, List<String> recipients) {
        public Known {
            recipients = List.copyOf(recipients);
        }
    }

    /** All data keys, in order of their ids. */
    public List<Known> list() {
        return generations().entrySet().stream()
                .map(entry -> known(
                        read(entry.getKey(), entry.getValue().getLast()),
                        entry.getValue().getLast()))
                .toList();
    }

    /** The key that this run encrypts with; of a run that goes on a new one, for the old one is not kept. */
    synchronized DataKey writing() {
        if (fresh == null) {
            DataKey made = DataKey.random();
            create(WrappedKey.of(layout.source(), made, keys.recipients()), 0);
            opened.put(made.id(), made);
            fresh = made;
        }
        return fresh;
    }

    /** Opens every one of these keys, so that what cannot be read is known before anything is written anywhere. */
    public void requireOpening(Collection<String> ids) {
        ids.forEach(this::opening);
    }

    /** Refuses keys that not every one of the present recipients could open: what they encrypt would be lost to them. */
    public void requireForAll(Collection<String> ids) {
        for (String id : ids) {
            Set<String> wrapped = read(id, newestGeneration(id)).wraps().keySet();
            keys.recipients().stream()
                    .map(Recipient::fingerprint)
                    .filter(recipient -> !wrapped.contains(recipient))
                    .findFirst()
                    .ifPresent(recipient -> {
                        throw new Failure(
                                FailureKind.KEY_WRONG,
                                "earlier segments that a backup would use again need the key %s, which is not wrapped for the recipient %s"
                                        .formatted(id, recipient),
                                "Run 'firedrill keys rewrap' where a private key is that opens it, then back up again.");
                    });
        }
    }

    synchronized DataKey opening(String id) {
        DataKey known = opened.get(id);
        if (known == null) {
            known = open(read(id, newestGeneration(id)));
            opened.put(id, known);
        }
        return known;
    }

    /** Whether a key is wrapped for others than the present recipients, or not for all of them. */
    public boolean needsRewrap(String id) {
        return !isForPresent(read(id, newestGeneration(id)));
    }

    private boolean isForPresent(WrappedKey key) {
        Set<String> wanted =
                keys.recipients().stream().map(Recipient::fingerprint).collect(Collectors.toSet());
        return key.wraps().keySet().equals(wanted);
    }

    /**
     * Wraps a key for the present recipients, and for nobody else, as a new generation.
     *
     * @return whether anything had to be written
     */
    public boolean rewrap(String id) {
        int generation = newestGeneration(id);
        WrappedKey now = read(id, generation);
        if (isForPresent(now)) {
            return false;
        }
        create(WrappedKey.of(layout.source(), open(now), keys.recipients()), generation + 1);
        return true;
    }

    /** Deletes all generations of a key but its last; where the store refuses, that is a failure. */
    public int dropOlder(String id) {
        List<Integer> all = generations(id);
        List<Integer> older = all.subList(0, Math.max(0, all.size() - 1));
        older.forEach(generation -> store.delete(layout.key(id, generation)));
        return older.size();
    }

    private static Known known(WrappedKey key, int generation) {
        return new Known(
                key.id(), generation, key.wraps().keySet().stream().sorted().toList());
    }

    private DataKey open(WrappedKey key) {
        OpeningKey ours = keys.opening().stream()
                .filter(candidate -> key.wraps().containsKey(candidate.fingerprint()))
                .findFirst()
                .orElseThrow(() -> notOurs(key));
        byte[] secret = Optional.ofNullable(key.wraps().get(ours.fingerprint()))
                .flatMap(wrapped -> ours.unwrap(wrapped.getData(), key.name()))
                .orElseThrow(() -> changed(key));
        var data = new DataKey(key.id(), secret);
        if (!MessageDigest.isEqual(data.commitment(), key.commitment().getData())) {
            throw changed(key);
        }
        return data;
    }

    private Failure changed(WrappedKey key) {
        return ArchiveFile.damaged(
                layout.key(key.id(), newestGeneration(key.id())), "the key in it was changed, or belongs elsewhere");
    }

    private Failure notOurs(WrappedKey key) {
        List<String> recipients = key.wraps().keySet().stream().sorted().toList();
        if (keys.opening().isEmpty()) {
            return new Failure(
                    FailureKind.KEY_MISSING,
                    "the backup is encrypted with the key %s, and no private key was given".formatted(key.id()),
                    "Set FIREDRILL_PRIVATE_KEYS to a file with the private key of one of its recipients: %s."
                            .formatted(String.join(", ", recipients)));
        }
        List<String> given =
                keys.opening().stream().map(OpeningKey::fingerprint).toList();
        return new Failure(
                FailureKind.KEY_WRONG,
                "the key %s is wrapped for %s; the private keys given are of %s"
                        .formatted(key.id(), String.join(", ", recipients), String.join(", ", given)),
                "Give the private key of one of its recipients with FIREDRILL_PRIVATE_KEYS.");
    }

    private void create(WrappedKey key, int generation) {
        ObjectKey name = layout.key(key.id(), generation);
        if (!store.create(name, Content.of(ArchiveFile.encode(KIND, name, key.toBson(), keys.store())))) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "%s was written meanwhile by somebody else".formatted(name.value()),
                    "Let one 'firedrill keys rewrap' end before another begins.");
        }
    }

    private WrappedKey read(String id, int generation) {
        ObjectKey name = layout.key(id, generation);
        byte[] bytes = store.read(name, ArchiveFile.BYTES_MAX).orElseThrow(() -> ArchiveFile.missing(name));
        WrappedKey key = ArchiveFile.decode(KIND, name, bytes, WrappedKey::from, keys.store());
        if (!key.id().equals(id) || !key.source().equals(layout.source())) {
            throw ArchiveFile.damaged(name, "it holds the key %s of %s".formatted(key.id(), key.source()));
        }
        return key;
    }

    private int newestGeneration(String id) {
        return generations(id).stream().max(Integer::compare).orElseThrow(() -> ArchiveFile.missing(layout.key(id, 0)));
    }

    private Map<String, List<Integer>> generations() {
        return generationsUnder(layout.keys());
    }

    private List<Integer> generations(String id) {
        return generationsUnder(layout.keys() + id + "/").getOrDefault(id, List.of());
    }

    /** The generations of each key, in order; what is not named like one is none of ours. */
    private Map<String, List<Integer>> generationsUnder(String prefix) {
        Map<String, List<Integer>> found = new TreeMap<>();
        try (Stream<ObjectInfo> objects = store.list(prefix)) {
            objects.map(info ->
                            info.key().value().substring(layout.keys().length()).split("/", 2))
                    .filter(name -> name.length == 2 && name[0].matches("[0-9a-f]{16}") && name[1].matches("\\d{6}"))
                    .forEach(name -> found.computeIfAbsent(name[0], id -> new ArrayList<>())
                            .add(Integer.valueOf(name[1])));
        }
        return found;
    }
}
