package io.firedrill.mongo;

import com.mongodb.client.ClientSession;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * Reads the documents that have one of some {@code _id}s, raw and in index order, as {@link RangeScan} reads those of a range:
 * by UUID, at one cluster time. An id that no document has gives none.
 *
 * @param ids as many as fit into a command
 */
public record IdLookup(Namespace namespace, UUID collection, BsonArray ids, OpTime at) {
    /** Hands every document found to the consumer; whatever the consumer throws ends the reading. */
    public void read(Deployment deployment, DocumentConsumer consumer) {
        BsonDocument find = RangeScan.snapshot(collection, at)
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", ids)))
                .append("sort", new BsonDocument("_id", new BsonInt32(1)))
                .append("collation", new BsonDocument("locale", new BsonString("simple")));
        try (ClientSession session = deployment.cursorSession()) {
            RangeScan.follow(deployment, session, namespace, find, consumer);
        }
    }
}
