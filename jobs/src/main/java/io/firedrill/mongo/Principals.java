package io.firedrill.mongo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * The users and roles of a deployment, as the documents that the server keeps of them, credentials included. An id is
 * {@code database.name}.
 */
public record Principals(Deployment deployment) {
    private static final int BATCH = 1_000;

    /** The documents of these ids, as far as they exist. */
    public Map<String, RawBsonDocument> find(Namespace namespace, List<String> ids) {
        var wanted = new BsonArray(ids.stream().map(BsonString::new).toList());
        var command = new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", wanted)))
                .append("batchSize", new BsonInt32(BATCH));
        Map<String, RawBsonDocument> found = new HashMap<>();
        for (BsonValue value : deployment.all(namespace.database(), command)) {
            found.put(idOf(value.asDocument()), (RawBsonDocument) value);
        }
        return found;
    }

    /** The ids of the users that we are ourselves; none where the deployment asks nobody who he is. */
    public Set<String> own() {
        return ownStatus().getArray("authenticatedUsers").stream()
                .map(BsonValue::asDocument)
                .map(user -> user.getString("db").getValue() + "."
                        + user.getString("user").getValue())
                .collect(Collectors.toSet());
    }

    /** What the users that we are may do, as documents with {@code resource} and {@code actions}. */
    public BsonArray ownPrivileges() {
        return ownStatus().getArray("authenticatedUserPrivileges");
    }

    private BsonDocument ownStatus() {
        var command = new BsonDocument("connectionStatus", new BsonInt32(1)).append("showPrivileges", BsonBoolean.TRUE);
        return deployment.run("admin", command).getDocument("authInfo");
    }

    /** Adds one that is not there; the server refuses one that is. */
    public void insert(Namespace namespace, RawBsonDocument document) {
        var command = new BsonDocument("insert", new BsonString(namespace.collection()))
                .append("documents", new BsonArray(List.of(document)))
                .append("writeConcern", durable());
        WriteErrors.require(deployment, namespace, deployment.run(namespace.database(), command));
    }

    /** Removes one. */
    public void remove(Namespace namespace, String id) {
        var one = new BsonDocument("q", new BsonDocument("_id", new BsonString(id))).append("limit", new BsonInt32(1));
        var command = new BsonDocument("delete", new BsonString(namespace.collection()))
                .append("deletes", new BsonArray(List.of(one)))
                .append("writeConcern", durable());
        WriteErrors.require(deployment, namespace, deployment.run(namespace.database(), command));
    }

    public static String idOf(BsonDocument document) {
        return document.getString("_id").getValue();
    }

    private static BsonDocument durable() {
        return new BsonDocument("w", new BsonString("majority"));
    }
}
