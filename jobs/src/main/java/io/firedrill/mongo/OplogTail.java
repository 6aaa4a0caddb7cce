package io.firedrill.mongo;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Follows a member's oplog, raw and in order, as far as a majority has it. It begins at an entry that is known already and
 * looks whether this very entry is still there: nothing can then have been lost between. Not safe for use by several threads.
 */
public final class OplogTail implements AutoCloseable {
    private static final Namespace OPLOG = new Namespace("local", "oplog.rs");
    private static final String WHAT = "find on " + OPLOG;
    private static final BsonDocument MAJORITY = new BsonDocument("level", new BsonString("majority"));

    private final Deployment member;
    private final OplogPosition known;
    private final boolean inclusive;
    private final MongoDatabase database;
    private final ClientSession session;
    private long cursor;
    private boolean joined;

    private OplogTail(Deployment member, OplogPosition known, boolean inclusive) {
        this.member = member;
        this.known = known;
        this.inclusive = inclusive;
        this.session = member.cursorSession();
        this.database = member.rawDatabase(session, OPLOG.database(), new RawReply.RawReplyCodec());
    }

    /** Hands on what comes after the last entry that is known. Nothing is read yet. */
    public static OplogTail after(Deployment member, OplogPosition known) {
        return new OplogTail(member, known, false);
    }

    /** Hands on an entry that is known of, and what comes after it. Nothing is read yet. */
    public static OplogTail from(Deployment member, OplogPosition known) {
        return new OplogTail(member, known, true);
    }

    /** Whether the known entry has been seen again. */
    public boolean joined() {
        return joined;
    }

    /**
     * Hands on the next entries, or waits for them.
     *
     * @param patience how long the server waits when there is nothing new
     * @throws Failure {@code OPLOG_GAP} if the first entry is not the known one
     */
    public void next(Duration patience, DocumentConsumer consumer) {
        boolean first = cursor == 0;
        BsonDocument command = first ? find() : more(patience);
        RawReply reply = member.guarded(session, WHAT, () -> database.runCommand(session, command, RawReply.class));
        cursor = reply.cursorId();
        reply.forEachDocument(
                first ? "firstBatch" : "nextBatch", (bytes, offset, length) -> take(bytes, offset, length, consumer));
        if (cursor == 0) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s %s ended the cursor on its oplog".formatted(member.role(), member.hosts()),
                    "It is opened again by itself; if this goes on, see the server's log.");
        }
    }

    private void take(byte[] bytes, int offset, int length, DocumentConsumer consumer) {
        if (joined) {
            consumer.accept(bytes, offset, length);
            return;
        }
        OplogPosition found = OplogHead.of(bytes, offset, length).position();
        if (!found.equals(known)) {
            throw notJoined("goes on with the entry of %s".formatted(found));
        }
        joined = true;
        if (inclusive) {
            consumer.accept(bytes, offset, length);
        }
    }

    /** What there is to say when the known entry has not come. */
    public Failure notJoined() {
        return notJoined("has nothing from there on");
    }

    private Failure notJoined(String instead) {
        return new Failure(
                FailureKind.OPLOG_GAP,
                "the oplog of %s %s does not hold the entry of %s, but %s"
                        .formatted(member.role(), member.hosts(), known, instead),
                "The archive goes on in a new timeline: back up again, so that there is something to restore it upon.");
    }

    private BsonDocument find() {
        return new BsonDocument("find", new BsonString(OPLOG.collection()))
                .append(
                        "filter",
                        new BsonDocument(
                                "ts", new BsonDocument("$gte", known.at().timestamp())))
                .append("tailable", BsonBoolean.TRUE)
                .append("awaitData", BsonBoolean.TRUE)
                .append("batchSize", new BsonInt32(RangeScan.BATCH_DOCUMENTS_MAX))
                .append("readConcern", MAJORITY);
    }

    private BsonDocument more(Duration patience) {
        return new BsonDocument("getMore", new BsonInt64(cursor))
                .append("collection", new BsonString(OPLOG.collection()))
                .append("batchSize", new BsonInt32(RangeScan.BATCH_DOCUMENTS_MAX))
                .append("maxTimeMS", new BsonInt64(Math.max(1, patience.toMillis())));
    }

    /** Ends the session, and the server its cursor with it. */
    @Override
    public void close() {
        session.close();
    }
}
