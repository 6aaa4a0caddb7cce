package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Compares documents with those of the same {@code _id} that a collection holds already, byte by byte. */
final class AlreadyThere {
    private static final int BATCH = 1_000;
    private static final long BATCH_BYTES_MAX = 8L << 20;

    private final Deployment deployment;
    private final Namespace namespace;

    AlreadyThere(Deployment deployment, Namespace namespace) {
        this.deployment = deployment;
        this.namespace = namespace;
    }

    /** Whether the collection holds this very document; another one of its {@code _id} is a failure. */
    boolean holds(RawBsonDocument document) {
        boolean present = find(List.of(document)).containsKey(document.get("_id"));
        if (present) {
            requireEqual(List.of(document));
        }
        return present;
    }

    void requireEqual(List<RawBsonDocument> documents) {
        List<RawBsonDocument> some = new ArrayList<>();
        long bytes = 0;
        for (RawBsonDocument document : documents) {
            some.add(document);
            bytes += document.getByteBuffer().remaining();
            if (some.size() == BATCH || bytes >= BATCH_BYTES_MAX) {
                compare(some);
                some.clear();
                bytes = 0;
            }
        }
        compare(some);
    }

    private void compare(List<RawBsonDocument> documents) {
        if (documents.isEmpty()) {
            return;
        }
        Map<BsonValue, BsonValue> found = find(documents);
        for (RawBsonDocument document : documents) {
            if (!isSameBytes(document, found.get(document.get("_id")))) {
                throw new Failure(
                        FailureKind.VERIFICATION_FAILED,
                        "%s of %s %s already holds another document under an _id that the backup has"
                                .formatted(namespace, deployment.role(), deployment.hosts()),
                        "Somebody else writes into this target: clean it with 'firedrill staging clean' and restore again.");
            }
        }
    }

    private static boolean isSameBytes(RawBsonDocument document, @Nullable BsonValue other) {
        return other instanceof RawBsonDocument there
                && document.getByteBuffer().asNIO().equals(there.getByteBuffer().asNIO());
    }

    private Map<BsonValue, BsonValue> find(List<RawBsonDocument> documents) {
        List<BsonValue> ids =
                documents.stream().map(document -> document.get("_id")).toList();
        var command = new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", new BsonArray(ids))))
                .append("batchSize", new BsonInt32(BATCH));
        Map<BsonValue, BsonValue> found = new HashMap<>();
        for (BsonValue document : deployment.all(namespace.database(), command)) {
            found.put(document.asDocument().get("_id"), document);
        }
        return found;
    }
}
