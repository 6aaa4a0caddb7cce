package io.firedrill.mongo;

import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/**
 * Who answers for a deployment: of a replica set its primary in one term, of a standalone one process. Between two looks that
 * are equal nobody else did, so that nothing that was confirmed meanwhile was lost.
 */
public record Reign(Optional<BsonValue> primary, BsonValue process) {
    /** Asks. */
    public static Reign of(Deployment deployment) {
        BsonDocument hello = deployment.run("admin", new BsonDocument("hello", new BsonInt32(1)));
        return new Reign(
                Optional.ofNullable(hello.get("electionId")),
                hello.getDocument("topologyVersion").getObjectId("processId"));
    }
}
