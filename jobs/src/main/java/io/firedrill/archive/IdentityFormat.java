package io.firedrill.archive;

import io.firedrill.mongo.DeploymentIdentity;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** A deployment's identity as BSON. */
final class IdentityFormat {
    private IdentityFormat() {}

    static BsonDocument toBson(DeploymentIdentity identity) {
        return new BsonDocument("setName", new BsonString(identity.setName()))
                .append("replicaSetId", new BsonString(identity.replicaSetId()))
                .append("hosts", texts(identity.hosts()))
                .append("processIds", texts(identity.processIds()))
                .append("version", new BsonString(identity.version()))
                .append("featureCompatibilityVersion", new BsonString(identity.featureCompatibilityVersion()));
    }

    static DeploymentIdentity from(BsonDocument bson) {
        return new DeploymentIdentity(
                bson.getString("setName").getValue(),
                bson.getString("replicaSetId").getValue(),
                texts(bson.getArray("hosts")),
                texts(bson.getArray("processIds")),
                bson.getString("version").getValue(),
                bson.getString("featureCompatibilityVersion").getValue(),
                Optional.empty());
    }

    private static BsonArray texts(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    private static List<String> texts(BsonArray array) {
        return array.stream().map(value -> value.asString().getValue()).toList();
    }
}
