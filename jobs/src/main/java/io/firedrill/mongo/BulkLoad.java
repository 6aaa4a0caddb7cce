package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Inserts raw documents into one collection, in commands as large as the server takes.
 *
 * <p>Unordered, {@code w:1, j:false}: the caller writes one majority and journal fence when a unit is complete. A document
 * that is there already, from an attempt that was cut off, is compared byte by byte; a difference is a failure. Not safe
 * for use by several threads.
 */
public final class BulkLoad {
    private static final int DUPLICATE_KEY = 11000;

    private final Runnable checkpoint;
    private final Deployment deployment;
    private final Namespace namespace;
    private final WriteBatch batch;
    private final Order order;
    private final List<RawBsonDocument> emptyTimestamps = new ArrayList<>();

    /** Whether the documents have to lie in the target as they are handed in. */
    public enum Order {
        ANY,
        KEPT
    }

    public BulkLoad(Deployment deployment, Namespace namespace, Order order) {
        this(deployment, namespace, order, () -> {});
    }

    /**
     * @param checkpoint called before anything is sent; throws when nothing may be written any more
     */
    public BulkLoad(Deployment deployment, Namespace namespace, Order order, Runnable checkpoint) {
        this.checkpoint = checkpoint;
        this.deployment = deployment;
        this.namespace = namespace;
        this.order = order;
        this.batch = WriteBatch.inserts(namespace.collection());
    }

    public void add(byte[] bytes, int offset, int length) {
        if (EmptyTimestamps.standIn(bytes, offset)) {
            emptyTimestamps.add(new RawBsonDocument(java.util.Arrays.copyOfRange(bytes, offset, offset + length)));
            if (order == Order.KEPT) {
                flush();
            }
            return;
        }
        if (!batch.hasRoomFor(length)) {
            send();
        }
        batch.add(bytes, offset, length);
    }

    /** Sends what has gathered. */
    public void flush() {
        send();
        for (RawBsonDocument document : emptyTimestamps) {
            checkpoint.run();
            insertKeepingEmptyTimestamps(document);
        }
        emptyTimestamps.clear();
    }

    private void send() {
        if (batch.isEmpty()) {
            return;
        }
        checkpoint.run();
        RawBsonDocument reply = deployment.run(namespace.database(), batch.command());
        if (reply.containsKey("writeErrors")) {
            settle(reply.getArray("writeErrors"));
        }
        batch.clear();
    }

    private void settle(BsonArray errors) {
        List<RawBsonDocument> alreadyThere = new ArrayList<>();
        for (BsonValue error : errors) {
            int code = error.asDocument().getNumber("code").intValue();
            int index = error.asDocument().getNumber("index").intValue();
            if (code != DUPLICATE_KEY) {
                throw new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        "%s %s refused a document of %s with code %d"
                                .formatted(deployment.role(), deployment.hosts(), namespace, code),
                        "Look the code up in the server's log, mend the cause and run it again.");
            }
            alreadyThere.add(batch.document(index));
        }
        new AlreadyThere(deployment, namespace).requireEqual(alreadyThere);
    }

    /** An insert command would put the present time into a top-level {@code Timestamp(0,0)}; an oplog entry does not. */
    private void insertKeepingEmptyTimestamps(RawBsonDocument document) {
        if (new AlreadyThere(deployment, namespace).holds(document)) {
            // Applied again, the entry would replace it, and the replacement would get the present time.
            return;
        }
        var entry = new BsonDocument("op", new BsonString("i"))
                .append("ns", new BsonString(namespace.toString()))
                .append("o", document);
        // Applied as one atomic step, the entry would be inserted like any document, and get the present time after
        // all.
        var command = new BsonDocument("applyOps", new BsonArray(List.of(entry)))
                .append("allowAtomic", BsonBoolean.FALSE)
                .append("bypassDocumentValidation", BsonBoolean.TRUE)
                .append("writeConcern", new BsonDocument("w", new BsonInt32(1)));
        deployment.run("admin", command);
    }
}
