package io.firedrill.mongo;

import com.mongodb.client.ClientSession;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.UuidRepresentation;

/**
 * Reads all documents of one collection, raw and in the order in which they lie there: a capped collection is a sequence,
 * and its order is part of what it says. By UUID, for the reason that {@link RangeScan} gives.
 */
public record NaturalScan(Namespace namespace, UUID collection) {
    private static final BsonDocument AS_IT_LIES = new BsonDocument("$natural", new BsonInt32(1));

    /** Hands every document that is there now to the consumer. */
    public void read(Deployment deployment, DocumentConsumer consumer) {
        try (ClientSession session = deployment.cursorSession()) {
            var local = new BsonDocument("level", new BsonString("local"));
            BsonDocument find = find(new BsonBinary(collection, UuidRepresentation.STANDARD));
            RangeScan.follow(deployment, session, namespace, find.append("readConcern", local), consumer);
        }
    }

    /**
     * Hands every document that a transaction sees under a name to the consumer; the session says which read concern it has.
     *
     * <p>Under the name, although it may have become another collection's or nobody's: the caller has to look, afterwards,
     * whether it did. By UUID, mongod 6.0 aborts if the collection is dropped while the transaction waits for its lock
     * (docs/MEASURED.md).
     */
    static void readWithin(
            ClientSession transaction, Deployment deployment, Namespace namespace, DocumentConsumer consumer) {
        BsonDocument find = find(new BsonString(namespace.collection()));
        RangeScan.follow(deployment, transaction, namespace, find, consumer);
    }

    private static BsonDocument find(BsonValue what) {
        return new BsonDocument("find", what)
                .append("hint", AS_IT_LIES)
                .append("batchSize", new BsonInt32(RangeScan.BATCH_DOCUMENTS_MAX));
    }
}
