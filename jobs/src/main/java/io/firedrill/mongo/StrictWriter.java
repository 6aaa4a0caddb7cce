package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Writes into one collection of a target what a source's oplog says was written, and nothing else: an insert must insert, an
 * update must find its document, a delete must remove one. mongod itself is lenient; a reply that says "ok" has to be looked
 * into.
 *
 * <p>Each method answers with the position of the first operation that was not possible, if there is one. {@code w:1}, not
 * journaled: the caller writes one fence at the end.
 */
public final class StrictWriter {
    private static final int DUPLICATE_KEY = 11000;
    private static final int BATCH = 1_000;
    private static final long BATCH_BYTES_MAX = 8L << 20;
    private static final BsonDocument SOON = new BsonDocument("w", new BsonInt32(1)).append("j", BsonBoolean.FALSE);

    private final Deployment deployment;
    private final Namespace namespace;

    public StrictWriter(Deployment deployment, Namespace namespace) {
        this.deployment = deployment;
        this.namespace = namespace;
    }

    /** Inserts documents in their order. */
    public OptionalInt insert(List<RawBsonDocument> documents) {
        var batch = new InsertBatch(namespace.collection());
        int begin = 0;
        for (int i = 0; i < documents.size(); i++) {
            ByteBuffer bytes = documents.get(i).getByteBuffer().asNIO();
            int offset = bytes.arrayOffset() + bytes.position();
            boolean delicate = EmptyTimestamps.standIn(bytes.array(), offset);
            if (delicate || !batch.hasRoomFor(bytes.remaining())) {
                OptionalInt failed = send(batch);
                if (failed.isPresent()) {
                    return OptionalInt.of(begin + failed.getAsInt());
                }
                begin = i;
            }
            if (delicate) {
                if (!insertAsEntry(documents.get(i))) {
                    return OptionalInt.of(i);
                }
                begin = i + 1;
            } else {
                batch.add(bytes.array(), offset, bytes.remaining());
            }
        }
        OptionalInt failed = send(batch);
        return failed.isPresent() ? OptionalInt.of(begin + failed.getAsInt()) : failed;
    }

    private OptionalInt send(InsertBatch batch) {
        if (batch.isEmpty()) {
            return OptionalInt.empty();
        }
        RawBsonDocument reply = deployment.run(namespace.database(), batch.command());
        batch.clear();
        if (!reply.containsKey("writeErrors")) {
            return OptionalInt.empty();
        }
        BsonDocument error = reply.getArray("writeErrors").getFirst().asDocument();
        if (error.getNumber("code").intValue() != DUPLICATE_KEY) {
            WriteErrors.require(deployment, namespace, reply);
        }
        return OptionalInt.of(error.getNumber("index").intValue());
    }

    /** An insert command would put the present time into a top-level {@code Timestamp(0,0)}; an oplog entry does not. */
    private boolean insertAsEntry(RawBsonDocument document) {
        if (!present(List.of(document.get("_id"))).isEmpty()) {
            return false;
        }
        var entry = new BsonDocument("op", new BsonString("i"))
                .append("ns", new BsonString(namespace.toString()))
                .append("o", document);
        return apply(List.of(entry)).isEmpty();
    }

    /**
     * An update, as the oplog has it.
     *
     * @param id the document's
     * @param change a difference ({@code $v: 2}) or the whole new document
     */
    public record Update(BsonValue id, BsonDocument change) {}

    /** Updates documents in their order; mongod applies the entries as a secondary does. */
    public OptionalInt update(List<Update> updates) {
        List<BsonDocument> entries = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < updates.size(); i++) {
            int size = updates.get(i).change() instanceof RawBsonDocument raw
                    ? raw.getByteBuffer().remaining()
                    : 0;
            if (!entries.isEmpty() && (entries.size() == BATCH || bytes + size > BATCH_BYTES_MAX)) {
                OptionalInt failed = apply(entries);
                if (failed.isPresent()) {
                    return OptionalInt.of(begin + failed.getAsInt());
                }
                begin = i;
                bytes = 0;
                entries.clear();
            }
            entries.add(entry(updates.get(i)));
            bytes += size;
        }
        OptionalInt failed = apply(entries);
        return failed.isPresent() ? OptionalInt.of(begin + failed.getAsInt()) : failed;
    }

    private BsonDocument entry(Update update) {
        return new BsonDocument("op", new BsonString("u"))
                .append("ns", new BsonString(namespace.toString()))
                .append("o2", new BsonDocument("_id", update.id()))
                .append("o", update.change());
    }

    /** Left to itself, {@code applyOps} would make a document of an update that finds none. */
    private OptionalInt apply(List<BsonDocument> entries) {
        if (entries.isEmpty()) {
            return OptionalInt.empty();
        }
        var command = new BsonDocument("applyOps", new BsonArray(entries))
                .append("allowAtomic", BsonBoolean.FALSE)
                .append("alwaysUpsert", BsonBoolean.FALSE)
                .append("bypassDocumentValidation", BsonBoolean.TRUE)
                .append("writeConcern", SOON);
        BsonDocument reply = deployment.answer("admin", command);
        BsonArray results = reply.getArray("results", new BsonArray());
        int failed = results.indexOf(BsonBoolean.FALSE);
        if (failed >= 0) {
            return OptionalInt.of(failed);
        }
        if (results.size() != entries.size()) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s %s did not apply entries to %s: code %d"
                            .formatted(
                                    deployment.role(),
                                    deployment.hosts(),
                                    namespace,
                                    reply.getNumber("code", new BsonInt32(0)).intValue()),
                    "Look the code up in the server's log, mend the cause and run it again.");
        }
        return OptionalInt.empty();
    }

    /**
     * Deletes documents in their order.
     *
     * @param overflow whether the collection removes its oldest documents by itself, so that one may be gone already
     */
    public OptionalInt delete(List<BsonValue> ids, boolean overflow) {
        for (int begin = 0; begin < ids.size(); begin += BATCH) {
            List<BsonValue> some = ids.subList(begin, Math.min(begin + BATCH, ids.size()));
            Set<BsonValue> present = present(some);
            for (int i = 0; i < some.size() && !overflow; i++) {
                if (!present.contains(some.get(i))
                        && present(List.of(some.get(i))).isEmpty()) {
                    return OptionalInt.of(begin + i);
                }
            }
            int removed = remove(some);
            if (!overflow && removed != some.size()) {
                return OptionalInt.of(begin);
            }
        }
        return OptionalInt.empty();
    }

    private int remove(List<BsonValue> ids) {
        var deletes = new BsonArray(ids.stream()
                .map(id -> new BsonDocument("q", new BsonDocument("_id", new BsonDocument("$eq", id)))
                        .append("limit", new BsonInt32(1)))
                .toList());
        RawBsonDocument reply = deployment.run(
                namespace.database(),
                new BsonDocument("delete", new BsonString(namespace.collection()))
                        .append("deletes", deletes)
                        .append("writeConcern", SOON));
        WriteErrors.require(deployment, namespace, reply);
        return reply.getNumber("n").intValue();
    }

    private Set<BsonValue> present(List<BsonValue> ids) {
        var command = new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", new BsonArray(ids))))
                .append("projection", new BsonDocument("_id", new BsonInt32(1)))
                .append("batchSize", new BsonInt32(BATCH));
        Set<BsonValue> found = new HashSet<>();
        deployment
                .all(namespace.database(), command)
                .forEach(document -> found.add(document.asDocument().get("_id")));
        return found;
    }
}
