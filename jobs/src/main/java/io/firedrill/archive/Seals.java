package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The seals of one source, each under its cluster time, written once. */
public final class Seals {
    private static final String KIND = "seal";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}");

    private final BackupCatalog catalog;
    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final ArchiveKeys keys;

    Seals(BackupCatalog catalog, ObjectStore store, ArchiveLayout layout, ArchiveKeys keys) {
        this.catalog = catalog;
        this.store = store;
        this.layout = layout;
        this.keys = keys;
    }

    /** The moments of all seals, oldest first; by one listing, no seal is read. */
    public List<OpTime> list() {
        String prefix = layout.seals();
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            return found.map(info -> info.key().value().substring(prefix.length()))
                    .filter(name -> NAME.matcher(name).matches())
                    .map(ArchiveLayout::time)
                    .toList();
        }
    }

    /** The seal of exactly this moment. */
    public Optional<Seal> at(OpTime moment) {
        return store.read(key(moment), ArchiveFile.BYTES_MAX).map(bytes -> decode(moment, bytes));
    }

    public Optional<Seal> newest() {
        List<OpTime> all = list();
        return all.isEmpty() ? Optional.empty() : at(all.getLast());
    }

    /** Stores a seal; with the store key where what is written is encrypted. */
    public void write(Seal seal) {
        catalog.write(KIND, key(seal.at()), seal.toBson());
    }

    /** Where the seal of a moment lies. */
    public ObjectKey key(OpTime moment) {
        return layout.seal(moment);
    }

    private Seal decode(OpTime moment, byte[] bytes) {
        ObjectKey key = key(moment);
        Seal seal = ArchiveFile.decode(KIND, key, bytes, Seal::from, keys.store());
        if (!seal.at().equals(moment) || !seal.source().equals(catalog.source())) {
            throw ArchiveFile.damaged(
                    key, "it is the seal of source '%s' at cluster time %s".formatted(seal.source(), seal.at()));
        }
        return seal;
    }
}
