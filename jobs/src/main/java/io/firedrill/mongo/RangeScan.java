package io.firedrill.mongo;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonMaxKey;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.UuidRepresentation;

/**
 * Reads the documents of one range of {@code _id}s, raw and in index order.
 *
 * <p>By UUID: under a name, a snapshot read of a collection that was dropped or renamed meanwhile answers "no documents"
 * and no error. By index bounds: a filter on {@code _id} would silently leave out other types and NaN.
 *
 * @param min inclusive, as {@code {_id: x}}; empty means from the first
 * @param max exclusive; empty means to the last
 * @param at the cluster time of a snapshot read; empty reads what is there now
 */
public record RangeScan(
        Namespace namespace,
        UUID collection,
        Optional<BsonDocument> min,
        Optional<BsonDocument> max,
        Optional<OpTime> at) {
    /** As large as the reply allows: the server ends a batch at 16 MB anyway. */
    static final int BATCH_DOCUMENTS_MAX = 1_000_000;

    private static final BsonDocument BY_ID = new BsonDocument("_id", new BsonInt32(1));

    /** Hands every document of the range to the consumer; whatever the consumer throws ends the scan. */
    public void read(Deployment deployment, DocumentConsumer consumer) {
        try (ClientSession session = deployment.cursorSession()) {
            var last = new boolean[1];
            follow(deployment, session, namespace, find(), (bytes, offset, length) -> {
                last[0] |= isOfMaxKey(bytes, offset);
                consumer.accept(bytes, offset, length);
            });
            // Bounds that end with MaxKey leave its own document out, and a scan with a lower bound alone has such
            // bounds.
            if (min.isPresent() && max.isEmpty() && !last[0]) {
                follow(deployment, session, namespace, findMaxKey(), consumer);
            }
        }
    }

    private static boolean isOfMaxKey(byte[] document, int offset) {
        int element = offset + Integer.BYTES;
        return document[element] == BsonType.MAX_KEY.getValue() && document[element + 1] == '_';
    }

    /** Opens a cursor with a find command and follows it to its end, within one session. */
    static void follow(
            Deployment deployment,
            ClientSession session,
            Namespace namespace,
            BsonDocument find,
            DocumentConsumer consumer) {
        String what = "find by UUID on " + namespace;
        try (var codec = new RawReply.RawReplyCodec()) {
            MongoDatabase database = deployment.rawDatabase(session, namespace.database(), codec);
            RawReply reply =
                    deployment.guarded(session, what, () -> database.runCommand(session, find, RawReply.class));
            String cursorCollection = reply.cursorCollection();
            reply.forEachDocument("firstBatch", consumer);
            while (reply.cursorId() != 0) {
                BsonDocument more = more(reply.cursorId(), cursorCollection);
                reply = deployment.guarded(session, what, () -> database.runCommand(session, more, RawReply.class));
                reply.forEachDocument("nextBatch", consumer);
            }
        }
    }

    /** Whether the source still has the history for this read; false where it is too old or the collection is gone. */
    public boolean isPossible(Deployment deployment) {
        BsonDocument probe = find().append("limit", new BsonInt32(1)).append("singleBatch", BsonBoolean.TRUE);
        try {
            deployment.run(namespace.database(), probe);
            return true;
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.ACCESS_DENIED) {
                throw failure;
            }
            return false;
        }
    }

    /** Whether a read failed because its cluster time is beyond the source's history by now. */
    public static boolean isTooOld(Failure failure) {
        return MongoFailures.isTooOld(failure);
    }

    private BsonDocument find() {
        BsonDocument command = command();
        min.ifPresent(bound -> command.append("min", bound));
        max.ifPresent(bound -> command.append("max", bound));
        return command;
    }

    private BsonDocument findMaxKey() {
        return command().append("filter", new BsonDocument("_id", new BsonMaxKey()));
    }

    private BsonDocument command() {
        return at.map(time -> snapshot(collection, time))
                .orElseGet(() ->
                        byId(collection).append("readConcern", new BsonDocument("level", new BsonString("local"))));
    }

    /** A find by UUID and by the index of {@code _id}, at one cluster time. */
    static BsonDocument snapshot(UUID collection, OpTime time) {
        return byId(collection)
                .append(
                        "readConcern",
                        new BsonDocument("level", new BsonString("snapshot"))
                                .append("atClusterTime", time.timestamp()));
    }

    private static BsonDocument byId(UUID collection) {
        return new BsonDocument("find", new BsonBinary(collection, UuidRepresentation.STANDARD))
                .append("hint", BY_ID)
                .append("batchSize", new BsonInt32(BATCH_DOCUMENTS_MAX));
    }

    private static BsonDocument more(long cursor, String collection) {
        return new BsonDocument("getMore", new BsonInt64(cursor))
                .append("collection", new BsonString(collection))
                .append("batchSize", new BsonInt32(BATCH_DOCUMENTS_MAX));
    }
}
