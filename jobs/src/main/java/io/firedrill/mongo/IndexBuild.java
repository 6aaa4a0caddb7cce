package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** Builds the indexes of one collection in one command, which reads the collection once. */
public final class IndexBuild {
    private static final int DUPLICATE_KEY = 11_000;

    private final Deployment target;
    private final Namespace namespace;

    public IndexBuild(Deployment target, Namespace namespace) {
        this.target = target;
        this.namespace = namespace;
    }

    /**
     * Builds all of them, or none.
     *
     * @param specs as {@code listIndexes} gives them
     * @return the key pattern of a unique one that documents violate, which the server may leave empty; empty where all were built
     */
    public Optional<BsonDocument> run(List<BsonDocument> specs) {
        var command = new BsonDocument("createIndexes", new BsonString(namespace.collection()))
                .append("indexes", new BsonArray(specs))
                // Not waiting for the journal each time: the next write that does makes this one durable too.
                .append("writeConcern", new BsonDocument("w", new BsonInt32(1)).append("j", BsonBoolean.FALSE));
        BsonDocument reply = target.runUnless(DUPLICATE_KEY, namespace.database(), command);
        // Whatever else the server says of it holds the key.
        return reply.containsKey("code")
                ? Optional.of(reply.getDocument("keyPattern", new BsonDocument()))
                : Optional.empty();
    }
}
