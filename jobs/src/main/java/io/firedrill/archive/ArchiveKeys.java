package io.firedrill.archive;

import java.util.List;
import java.util.Optional;

/**
 * The keys that a run was given.
 *
 * @param store names segments and opens plans, parts and manifests; needed with every encrypted store
 * @param recipients who will be able to read what is written; with none, nothing is encrypted
 * @param opening open the documents that are read
 */
public record ArchiveKeys(Optional<StoreKey> store, List<Recipient> recipients, List<OpeningKey> opening) {
    public static final ArchiveKeys NONE = new ArchiveKeys(Optional.empty(), List.of(), List.of());

    public ArchiveKeys {
        recipients = List.copyOf(recipients);
        opening = List.copyOf(opening);
        if (!recipients.isEmpty() && store.isEmpty()) {
            throw new IllegalArgumentException("recipients without a store key");
        }
    }

    /** Whether what is written is encrypted. */
    public boolean encrypts() {
        return !recipients.isEmpty();
    }

    /** What plans, parts and manifests are written with. */
    Optional<StoreKey> writing() {
        return encrypts() ? store : Optional.empty();
    }
}
