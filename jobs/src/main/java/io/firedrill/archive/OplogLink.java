package io.firedrill.archive;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * One slice of a timeline, and how it follows the one before: whoever wrote it saw that one's last entry again, immediately
 * before the first of its own.
 *
 * @param number 1 for the first of a timeline
 * @param after cluster time of the last entry before it; for the first link the begin of the timeline
 * @param afterTerm the term of that entry
 * @param slice the entries, that one left out (the first link holds the timeline's first entry)
 * @param term of the slice's last entry
 * @param previous SHA-256 of the stored link before it, or of the timeline's head
 * @param fence of the lease under which it was written
 * @param storedAt when the slice was durable, by the archiver's clock
 * @param rpo how long a note of ours that lies in the slice took from being written to being durable here, where one does
 */
public record OplogLink(
        int timeline,
        long number,
        OpTime after,
        long afterTerm,
        Slice slice,
        long term,
        String previous,
        long fence,
        Instant storedAt,
        Optional<Duration> rpo) {

    /** Cluster time of the last entry. */
    public OpTime last() {
        return slice.last();
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("timeline", new BsonInt32(timeline))
                .append("number", new BsonInt64(number))
                .append("after", after.timestamp())
                .append("afterTerm", new BsonInt64(afterTerm))
                .append("slice", slice.toBson())
                .append("term", new BsonInt64(term))
                .append("previous", new BsonString(previous))
                .append("fence", new BsonInt64(fence))
                .append("storedAt", new BsonDateTime(storedAt.toEpochMilli()));
        rpo.ifPresent(sample -> bson.append("rpoMillis", new BsonInt64(sample.toMillis())));
        return bson;
    }

    static OplogLink from(BsonDocument bson) {
        return new OplogLink(
                bson.getInt32("timeline").getValue(),
                bson.getInt64("number").getValue(),
                OpTime.of(bson.getTimestamp("after")),
                bson.getInt64("afterTerm").getValue(),
                Slice.from(bson.getDocument("slice")),
                bson.getInt64("term").getValue(),
                Digests.checked(bson.getString("previous").getValue()),
                bson.getInt64("fence").getValue(),
                Instant.ofEpochMilli(bson.getDateTime("storedAt").getValue()),
                bson.containsKey("rpoMillis")
                        ? Optional.of(
                                Duration.ofMillis(bson.getInt64("rpoMillis").getValue()))
                        : Optional.empty());
    }
}
