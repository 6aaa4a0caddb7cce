package io.firedrill.mongo;

import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** How many documents a collection holds, counted: the server's fast statistics may be wrong after a crash. */
public final class DocumentCount {
    private DocumentCount() {}

    public static long of(Deployment deployment, Namespace namespace) {
        var command = new BsonDocument("aggregate", new BsonString(namespace.collection()))
                .append("pipeline", new BsonArray(List.of(new BsonDocument("$count", new BsonString("documents")))))
                .append("cursor", new BsonDocument());
        return deployment.all(namespace.database(), command).stream()
                .map(BsonValue::asDocument)
                .mapToLong(found -> found.getNumber("documents").longValue())
                .sum();
    }
}
