package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * How a backup was made whose source nobody read: out of an earlier backup and the archived oplog from there on.
 *
 * @param base the backup that it began with, which may be gone by now
 * @param from consistency point of that one
 * @param timeline of the archived oplog
 * @param entries that were replayed
 * @param lastEntry SHA-256 of the last of them, as it lies in the archive: by it a restore that goes on from this backup knows
 *     that the archive is of the same history
 * @param proof what shows that the copy was the source at that moment
 */
public record Synthetic(BackupId base, OpTime from, int timeline, long entries, String lastEntry, String proof) {
    static final String FIELD = "synthetic";

    BsonDocument toBson() {
        return new BsonDocument("base", new BsonString(base.value()))
                .append("from", from.timestamp())
                .append("timeline", new BsonInt32(timeline))
                .append("entries", new BsonInt64(entries))
                .append("lastEntry", new BsonString(lastEntry))
                .append("proof", new BsonString(proof));
    }

    static Synthetic from(BsonDocument bson) {
        return new Synthetic(
                new BackupId(bson.getString("base").getValue()),
                OpTime.of(bson.getTimestamp("from")),
                bson.getInt32("timeline").getValue(),
                bson.getInt64("entries").getValue(),
                Digests.checked(bson.getString("lastEntry").getValue()),
                bson.getString("proof").getValue());
    }
}
