package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/** Asks a deployment who it is. */
final class IdentityReader {
    private final Deployment deployment;

    IdentityReader(Deployment deployment) {
        this.deployment = deployment;
    }

    DeploymentIdentity read() {
        BsonDocument hello = admin("hello");
        refuseWhatIsNoReplicaSet(hello);
        return identity(hello, hello.getString("setName").getValue(), replicaSetId(), texts(hello.getArray("hosts")));
    }

    /** One of our own may be a standalone, which has no name, no id and no hosts of its own telling. */
    DeploymentIdentity readOwn(String name) {
        BsonDocument hello = admin("hello");
        return hello.containsKey("setName") ? read() : identity(hello, name, "", List.of(deployment.hosts()));
    }

    private DeploymentIdentity identity(BsonDocument hello, String name, String replicaSetId, List<String> hosts) {
        return new DeploymentIdentity(
                name,
                replicaSetId,
                hosts,
                List.of(hello.getDocument("topologyVersion")
                        .getObjectId("processId")
                        .getValue()
                        .toHexString()),
                admin("buildInfo").getString("version").getValue(),
                featureCompatibilityVersion(),
                historySeconds());
    }

    private void refuseWhatIsNoReplicaSet(BsonDocument hello) {
        if (hello.containsKey("msg") && hello.getString("msg").getValue().equals("isdbgrid")) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s is a mongos: sharded clusters are not supported yet"
                            .formatted(deployment.role(), deployment.hosts()),
                    "Point Firedrill at a replica set.");
        }
        if (!hello.containsKey("setName")) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s is a standalone: it has no oplog and no snapshot reads"
                            .formatted(deployment.role(), deployment.hosts()),
                    "Start mongod with --replSet and initiate it; a replica set of one member is enough.");
        }
    }

    private String replicaSetId() {
        return admin("replSetGetConfig")
                .getDocument("config")
                .getDocument("settings")
                .getObjectId("replicaSetId")
                .getValue()
                .toHexString();
    }

    private String featureCompatibilityVersion() {
        var reply = deployment.run(
                "admin",
                new BsonDocument("getParameter", new BsonInt32(1))
                        .append("featureCompatibilityVersion", new BsonInt32(1)));
        return reply.getDocument("featureCompatibilityVersion")
                .getString("version")
                .getValue();
    }

    private Optional<Integer> historySeconds() {
        return Optional.of((int) HistoryWindow.of(deployment).toSeconds());
    }

    private BsonDocument admin(String command) {
        return deployment.run("admin", new BsonDocument(command, new BsonInt32(1)));
    }

    private static List<String> texts(List<BsonValue> values) {
        return values.stream().map(value -> value.asString().getValue()).toList();
    }
}
