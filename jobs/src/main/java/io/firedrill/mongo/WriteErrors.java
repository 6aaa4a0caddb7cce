package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import org.bson.BsonDocument;

/** A write that failed is answered with {@code ok: 1}: whoever does not look does not learn of it. */
final class WriteErrors {
    private WriteErrors() {}

    static void require(Deployment deployment, Namespace namespace, BsonDocument reply) {
        if (reply.containsKey("writeErrors")) {
            int code = reply.getArray("writeErrors")
                    .getFirst()
                    .asDocument()
                    .getNumber("code")
                    .intValue();
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s %s refused a write to %s with code %d"
                            .formatted(deployment.role(), deployment.hosts(), namespace, code),
                    "Look the code up in the server's log, mend the cause and run it again.");
        }
    }
}
