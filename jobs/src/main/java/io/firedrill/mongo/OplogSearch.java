package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Looks whether the oplog holds a certain entry between two fences, which are both durable. */
record OplogSearch(Deployment deployment) {
    Optional<BsonDocument> first(OpTime after, OpTime until, BsonDocument condition) {
        BsonDocument command =
                find(after, until, condition).append("limit", new BsonInt32(1)).append("singleBatch", BsonBoolean.TRUE);
        return deployment.run("local", command).getDocument("cursor").getArray("firstBatch").stream()
                .findFirst()
                .map(BsonValue::asDocument);
    }

    List<BsonDocument> all(OpTime after, OpTime until, BsonDocument condition) {
        return deployment.all("local", find(after, until, condition)).stream()
                .map(BsonValue::asDocument)
                .toList();
    }

    private static BsonDocument find(OpTime after, OpTime until, BsonDocument condition) {
        var between = new BsonDocument("$gt", after.timestamp()).append("$lte", until.timestamp());
        return new BsonDocument("find", new BsonString("oplog.rs"))
                .append(
                        "filter",
                        new BsonDocument("$and", new BsonArray(List.of(new BsonDocument("ts", between), condition))));
    }
}
