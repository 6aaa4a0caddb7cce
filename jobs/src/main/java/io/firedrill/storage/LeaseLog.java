package io.firedrill.storage;

import java.util.Optional;
import java.util.OptionalLong;

/** The log of one lease: numbered entries, each written once; the newest tells the truth. */
final class LeaseLog {
    private static final int ENTRY_BYTES_MAX = 1 << 16;

    private final ObjectStore store;
    private final String prefix;

    LeaseLog(ObjectStore store, String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException("lease name '%s'".formatted(name));
        }
        this.store = store;
        this.prefix = "leases/" + name + "/";
    }

    record Numbered(long number, LeaseEntry entry) {}

    Optional<Numbered> newest() {
        while (true) {
            var number = newestAfter(0);
            if (number.isEmpty()) {
                return Optional.empty();
            }
            var entry = read(number.getAsLong());
            if (entry.isPresent()) {
                return Optional.of(new Numbered(number.getAsLong(), entry.get()));
            }
            // Withdrawn or tidied away since it was listed: there is, or was, something newer.
        }
    }

    OptionalLong newestAfter(long number) {
        return store.list(prefix, key(number))
                .mapToLong(info -> numberOf(info.key()))
                .filter(found -> found > 0)
                .max();
    }

    Optional<LeaseEntry> read(long number) {
        var key = key(number);
        return store.read(key, ENTRY_BYTES_MAX).map(json -> LeaseEntry.ofJson(key, json));
    }

    /** False if the number is taken. */
    boolean append(long number, LeaseEntry entry) {
        return store.create(key(number), Content.of(entry.toJson()));
    }

    void delete(long number) {
        store.delete(key(number));
    }

    /** Deletes the entries from one number on, up to another; each stays where the store keeps its objects for good. */
    void deleteBetween(long from, long to) {
        store.list(prefix)
                .mapToLong(info -> numberOf(info.key()))
                .filter(number -> number >= from && number < to)
                .forEach(this::delete);
    }

    private ObjectKey key(long number) {
        return ObjectKey.of(prefix + "%012d".formatted(number));
    }

    private long numberOf(ObjectKey key) {
        String number = key.value().substring(prefix.length());
        return number.matches("\\d{12}") ? Long.parseLong(number) : 0;
    }
}
