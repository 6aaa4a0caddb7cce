package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.Optional;

/**
 * A part of a transaction whose end comes later.
 *
 * @param previous the part before it
 * @param unknown the first operation in it that no replay knows, without what may be data
 */
record TransactionPart(Optional<OpTime> previous, Optional<String> unknown) {
    static TransactionPart of(OplogEntry entry) {
        return new TransactionPart(entry.previous(), KnownEntries.unknown(entry).map(RedactedEntry::of));
    }

    /** Throws where its transaction is to be replayed and it is not known how. */
    void require(OpTime at) {
        unknown.ifPresent(what -> {
            throw KnownEntries.refused(
                    at, what, "Restore with a newer Firedrill, or to a moment before the end of this transaction.");
        });
    }
}
