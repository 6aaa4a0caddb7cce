package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

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
        // What is one _id, 1 and 1.0 or two words of a collation, is for the server to say.
        Set<ByteBuffer> found = find(List.of(document));
        if (!found.isEmpty()) {
            require(found, document);
        }
        return !found.isEmpty();
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
        Set<ByteBuffer> found = find(documents);
        documents.forEach(document -> require(found, document));
    }

    private void require(Set<ByteBuffer> found, RawBsonDocument document) {
        if (!found.contains(document.getByteBuffer().asNIO())) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "%s of %s %s already holds another document under an _id that the backup has"
                            .formatted(namespace, deployment.role(), deployment.hosts()),
                    "Somebody else writes into this target: clean it with 'firedrill staging clean' and restore again.");
        }
    }

    /**
     * The bytes of what the server takes for documents of these ids. Not by id: Java takes two for equal whose fields only stand in
     * another order, and a server does not.
     */
    private Set<ByteBuffer> find(List<RawBsonDocument> documents) {
        List<BsonValue> ids =
                documents.stream().map(document -> document.get("_id")).toList();
        var command = new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", new BsonArray(ids))))
                .append("batchSize", new BsonInt32(BATCH));
        Set<ByteBuffer> found = new HashSet<>();
        for (BsonValue document : deployment.all(namespace.database(), command)) {
            found.add(((RawBsonDocument) document).getByteBuffer().asNIO());
        }
        return found;
    }
}
