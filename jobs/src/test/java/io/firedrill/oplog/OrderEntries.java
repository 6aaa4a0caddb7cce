package io.firedrill.oplog;

import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

/** Entries of an oplog about one collection, put together by hand. */
final class OrderEntries {
    static final UUID ORDERS = new UUID(1, 1);

    private OrderEntries() {}

    static BsonDocument entry(String kind, int second, BsonDocument object) {
        return new BsonDocument("ts", new BsonTimestamp(second, 1))
                .append("op", new BsonString(kind))
                .append("ns", new BsonString("shop.orders"))
                .append("ui", new BsonBinary(ORDERS))
                .append("o", object);
    }

    static BsonDocument insert(int second, BsonValue id) {
        return entry("i", second, new BsonDocument("_id", id));
    }

    static BsonDocument delete(int second, BsonValue id) {
        return entry("d", second, new BsonDocument("_id", id));
    }

    static BsonDocument update(int second, BsonValue id) {
        return entry("u", second, new BsonDocument("$v", new BsonInt32(2))).append("o2", new BsonDocument("_id", id));
    }
}
