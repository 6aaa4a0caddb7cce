package io.firedrill.mongo;

import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * Reads documents of a collection as they are there now, in the order in which a backup reads them; for a deployment that nobody
 * else writes to.
 *
 * @param shape of the collection, under the name that it has there
 * @param collection its identity there
 */
public record CollectionScan(CollectionShape shape, UUID collection) {
    /** Hands over the documents of a range; those of a capped collection as they lie there, all of them. */
    public void read(
            Deployment deployment, Optional<BsonDocument> min, Optional<BsonDocument> max, DocumentConsumer consumer) {
        if (shape.isCapped()) {
            new NaturalScan(shape.namespace(), collection).read(deployment, consumer);
        } else {
            new RangeScan(shape.namespace(), collection, min, max, Optional.empty()).read(deployment, consumer);
        }
    }
}
