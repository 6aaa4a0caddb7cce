package io.firedrill.archive;

import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * The head of an unbroken chain of archived oplog. Where a chain cannot be continued the next timeline begins: its head is
 * the gap, since of what lies between {@code after} and {@code begin} nothing is known.
 *
 * @param number 1 for the first of a source
 * @param begin cluster time of its first entry
 * @param term of that entry
 * @param after cluster time of the last entry of the timeline before; empty for the first
 */
public record OplogTimeline(
        int number,
        DeploymentIdentity identity,
        OpTime begin,
        long term,
        Instant createdAt,
        Reason reason,
        Optional<OpTime> after) {

    /** Why a timeline begins. */
    public enum Reason {
        /** Nothing was archived before. */
        FIRST,
        /** The source's oplog no longer reached back to the last archived entry. */
        ROLLED_OVER,
        /** The last archived entry is no longer part of the source's history. */
        ROLLED_BACK,
        /** The source is another replica set now. */
        OTHER_SOURCE;

        /** As it is printed. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("number", new BsonInt32(number))
                .append("identity", IdentityFormat.toBson(identity))
                .append("begin", begin.timestamp())
                .append("term", new BsonInt64(term))
                .append("createdAt", new BsonDateTime(createdAt.toEpochMilli()))
                .append("reason", new BsonString(reason.name()));
        after.ifPresent(last -> bson.append("after", last.timestamp()));
        return bson;
    }

    static OplogTimeline from(BsonDocument bson) {
        return new OplogTimeline(
                bson.getInt32("number").getValue(),
                IdentityFormat.from(bson.getDocument("identity")),
                OpTime.of(bson.getTimestamp("begin")),
                bson.getInt64("term").getValue(),
                Instant.ofEpochMilli(bson.getDateTime("createdAt").getValue()),
                Reason.valueOf(bson.getString("reason").getValue()),
                bson.containsKey("after") ? Optional.of(OpTime.of(bson.getTimestamp("after"))) : Optional.empty());
    }
}
