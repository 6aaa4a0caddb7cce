package io.firedrill.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.UuidRepresentation;
import org.jspecify.annotations.Nullable;

/**
 * All capped collections of a source as they were at one cluster time, which is known.
 *
 * <p>The server refuses to read them at a time that we choose (246, below version 8.0). But a transaction sees one state
 * from its first read on, however long it reads: opened between two fences between which the oplog has no entry of a
 * capped collection, it shows them exactly as they were at the first fence. Only these few milliseconds have to be quiet.
 */
public final class CappedSnapshot implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 50;

    private final Deployment deployment;
    private @Nullable ClientSession transaction;

    public CappedSnapshot(Deployment deployment) {
        this.deployment = deployment;
    }

    /**
     * Opens the snapshot, as often as it takes to find a quiet moment, but not for ever.
     *
     * @return the cluster time of what it shows; where there is no capped collection, simply the present one
     */
    OpTime open(List<CollectionShape> capped, String note) {
        Namespace busy = null;
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            OpTime at = deployment.fence(note);
            if (capped.isEmpty()) {
                return at;
            }
            begin(capped.getFirst());
            OpTime opened = deployment.fence(note);
            Optional<Namespace> written = writtenBetween(at, opened, capped);
            if (written.isEmpty()) {
                return at;
            }
            busy = written.get();
        }
        throw new Failure(
                FailureKind.SOURCE_UNSUITABLE,
                "the capped collection %s is written so often that none of %d attempts found a moment without a write"
                        .formatted(busy, ATTEMPTS_MAX),
                "Back up when it is written less, or leave it out with 'exclude: [%s]'; every record will say that it is not covered."
                        .formatted(busy));
    }

    /**
     * Reads one collection in natural order, as it was at the snapshot's time; provided that its name was its own until
     * now, which the caller has to look up in the oplog when the reading is over.
     */
    public void read(CollectionShape capped, DocumentConsumer consumer) {
        if (transaction == null) {
            throw new IllegalStateException("no snapshot is open");
        }
        NaturalScan.readWithin(transaction, deployment, capped.namespace(), consumer);
    }

    /** The first read of a transaction is what fixes the state that it sees. */
    private void begin(CollectionShape first) {
        close();
        ClientSession session = deployment.cursorSession();
        transaction = session;
        session.startTransaction(TransactionOptions.builder()
                .readConcern(ReadConcern.LOCAL)
                .writeConcern(WriteConcern.MAJORITY)
                .build());
        var find = new BsonDocument("find", new BsonString(first.namespace().collection()))
                .append("limit", new BsonInt32(1))
                .append("singleBatch", org.bson.BsonBoolean.TRUE);
        deployment.run(session, first.namespace().database(), find);
    }

    private Optional<Namespace> writtenBetween(OpTime after, OpTime until, List<CollectionShape> capped) {
        var uuids = new BsonDocument(
                "$in", new BsonArray(capped.stream().map(CappedSnapshot::uuid).toList()));
        var either = new BsonArray(List.of(new BsonDocument("ui", uuids), new BsonDocument("o.applyOps.ui", uuids)));
        Optional<BsonDocument> entry = new OplogSearch(deployment).first(after, until, new BsonDocument("$or", either));
        return entry.map(found -> capped.stream()
                .filter(shape -> Optional.ofNullable(found.get("ui")).equals(Optional.of(uuid(shape))))
                .findFirst()
                .orElse(capped.getFirst())
                .namespace());
    }

    private static BsonBinary uuid(CollectionShape shape) {
        UUID uuid = shape.uuid().orElseThrow();
        return new BsonBinary(uuid, UuidRepresentation.STANDARD);
    }

    @Override
    public void close() {
        if (transaction != null) {
            // Ends the transaction too; what it has read is all that counts.
            transaction.close();
            transaction = null;
        }
    }
}
