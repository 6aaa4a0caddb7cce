package io.firedrill.testing;

import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.OpeningKey;
import io.firedrill.archive.Recipient;
import io.firedrill.archive.StoreKey;
import java.util.List;
import java.util.Optional;

/** Keys that a test makes up: a store key and one recipient, and what each kind of job holds of them. */
public record TestKeys(String storeKey, OpeningKey.Pair pair) {
    public static TestKeys make() {
        return new TestKeys(StoreKey.make(), OpeningKey.make());
    }

    /** The same store, somebody else to open it. */
    public TestKeys rotated() {
        return new TestKeys(storeKey, OpeningKey.make());
    }

    private Optional<StoreKey> store() {
        return Optional.of(StoreKey.parse(storeKey, "store.key"));
    }

    private Recipient recipient() {
        return Recipient.parse(pair.recipient(), "public.pem");
    }

    private OpeningKey opening() {
        return OpeningKey.parse(pair.opening(), "private.pem");
    }

    /** What a backup holds: nothing that decrypts. */
    public ArchiveKeys ofBackup() {
        return new ArchiveKeys(store(), List.of(recipient()), List.of());
    }

    public ArchiveKeys ofRestore() {
        return new ArchiveKeys(store(), List.of(), List.of(opening()));
    }

    /** What a compaction holds: it reads and it writes. */
    public ArchiveKeys ofCompaction() {
        return ofRotationTo(this);
    }

    /** What rotation holds: the old private key and the new public one. */
    public ArchiveKeys ofRotationTo(TestKeys next) {
        return new ArchiveKeys(store(), List.of(next.recipient()), List.of(opening()));
    }
}
