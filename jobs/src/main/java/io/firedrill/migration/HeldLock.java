package io.firedrill.migration;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.bson.BsonDocument;

/** A lock as Mongock and Flamingock write it down, which have it from one hand. */
final class HeldLock {
    private HeldLock() {}

    /** Of several keys the one that is held longest: Mongock has one that anybody uses, Flamingock one for each service. */
    static Optional<LockState> of(MigrationDatabase database, String collection) {
        return database.rows(collection).stream()
                .filter(row -> Fields.text(row, "status").equals("LOCK_HELD"))
                .max(Comparator.comparing(HeldLock::expiry))
                .map(row -> database.lock(
                        Fields.text(row, "owner"), Fields.created(row), Fields.instant(row, "expiresAt")));
    }

    private static Instant expiry(BsonDocument row) {
        return Fields.instant(row, "expiresAt").orElse(Instant.MAX);
    }
}
