package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Writes into one collection of a target what a source's oplog says was written, and nothing else: an insert must insert, an
 * update must find its document, a delete must remove one. mongod itself is lenient; a reply that says "ok" has to be looked
 * into.
 *
 * <p>Each method answers with the position of the first operation that was not possible, if there is one; within a
 * transaction, with any position: it is over then, and tried again one by one it will tell. {@code w:1}, not journaled: the
 * caller writes one fence at the end.
 */
public final class StrictWriter {
    private static final int DUPLICATE_KEY = 11000;
    private static final int BATCH = 1_000;
    private static final byte[] ID = {'_', 'i', 'd'};

    private final WriteChannel channel;
    private final Namespace namespace;
    private final Way way;
    private final Statements statements = new Statements();
    private final boolean transaction;

    /** How updates are said to the server. */
    public enum Way {
        /** By its own operators where they mean the same. */
        FAST,
        /** As a secondary applies them. */
        EXACT
    }

    public StrictWriter(WriteChannel channel, Namespace namespace, Way way) {
        this.channel = channel;
        this.namespace = namespace;
        this.way = way;
        this.transaction = channel.isTransactional();
    }

    /** Inserts documents in their order. */
    public OptionalInt insert(List<RawBsonDocument> documents) {
        WriteBatch batch = transaction
                ? WriteBatch.insertsInTransaction(namespace.collection())
                : WriteBatch.inserts(namespace.collection());
        int begin = 0;
        for (int i = 0; i < documents.size(); i++) {
            ByteBuffer bytes = documents.get(i).getByteBuffer().asNIO();
            int offset = bytes.arrayOffset() + bytes.position();
            boolean delicate = EmptyTimestamps.standIn(bytes.array(), offset);
            if (delicate || !batch.hasRoomFor(bytes.remaining())) {
                OptionalInt failed = insert(batch, begin);
                if (failed.isPresent()) {
                    return failed;
                }
                begin = i;
            }
            batch.add(bytes.array(), offset, bytes.remaining());
            if (delicate) {
                OptionalInt failed = insert(batch, begin);
                if (failed.isPresent() || !restore(documents.get(i))) {
                    return OptionalInt.of(i);
                }
                begin = i + 1;
            }
        }
        return insert(batch, begin);
    }

    private OptionalInt insert(WriteBatch batch, int begin) {
        if (batch.isEmpty()) {
            return OptionalInt.empty();
        }
        BsonDocument reply = send(batch);
        int expected = batch.size();
        batch.clear();
        if (reply.containsKey("writeErrors")) {
            BsonDocument error = reply.getArray("writeErrors").getFirst().asDocument();
            if (error.getNumber("code").intValue() != DUPLICATE_KEY) {
                WriteErrors.require(channel.deployment(), namespace, reply);
            }
            return OptionalInt.of(begin + error.getNumber("index").intValue());
        }
        return counted(reply) == expected ? OptionalInt.empty() : OptionalInt.of(begin);
    }

    /** A write puts the present time into a top-level {@code Timestamp(0,0)}; the oplog has it empty, and so must the copy. */
    private boolean restore(RawBsonDocument document) {
        WriteBatch batch = updates();
        byte[] statement = statements.emptying(document);
        batch.add(statement, 0, statement.length);
        return update(batch, 0, List.of()).isEmpty();
    }

    /**
     * An update, as the oplog has it.
     *
     * @param key of the document: its {@code _id}, and whatever else a shard key adds
     * @param change a difference ({@code $v: 2}) or the whole new document
     */
    public record Update(RawBsonDocument key, RawBsonDocument change) {}

    /** Updates documents in their order. */
    public OptionalInt update(List<Update> updates) {
        WriteBatch batch = updates();
        int begin = 0;
        for (int i = 0; i < updates.size(); i++) {
            Update update = updates.get(i);
            statements.update(update.key, update.change, way);
            if (!batch.hasRoomFor(statements.length())) {
                OptionalInt failed = update(batch, begin, updates);
                if (failed.isPresent()) {
                    return failed;
                }
                begin = i;
            }
            batch.add(statements.bytes(), 0, statements.length());
            if (Statements.isDelicate(update.change)) {
                OptionalInt failed = update(batch, begin, updates);
                if (failed.isPresent() || !restore(update.change)) {
                    return failed.isPresent() ? failed : OptionalInt.of(i);
                }
                begin = i + 1;
            }
        }
        return update(batch, begin, updates);
    }

    private WriteBatch updates() {
        return transaction
                ? WriteBatch.updatesInTransaction(namespace.collection())
                : WriteBatch.updates(namespace.collection());
    }

    private OptionalInt update(WriteBatch batch, int begin, List<Update> updates) {
        if (batch.isEmpty()) {
            return OptionalInt.empty();
        }
        BsonDocument reply = send(batch);
        int expected = batch.size();
        batch.clear();
        if (reply.containsKey("writeErrors")) {
            BsonDocument error = reply.getArray("writeErrors").getFirst().asDocument();
            return OptionalInt.of(begin + error.getNumber("index").intValue());
        }
        if (counted(reply) == expected) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(transaction ? begin : firstMissing(begin, expected, updates));
    }

    /** What an update did not find is not there afterwards either. */
    private int firstMissing(int begin, int count, List<Update> updates) {
        for (int i = begin; i < begin + count && i < updates.size(); i++) {
            if (present(List.of(idOf(updates.get(i).key))).isEmpty()) {
                return i;
            }
        }
        return begin;
    }

    /**
     * Deletes documents in their order.
     *
     * @param keys of the documents
     * @param overflow whether the collection removes its oldest documents by itself, so that one may be gone already
     */
    public OptionalInt delete(List<RawBsonDocument> keys, boolean overflow) {
        WriteBatch batch = transaction
                ? WriteBatch.deletesInTransaction(namespace.collection())
                : WriteBatch.deletes(namespace.collection());
        for (int begin = 0; begin < keys.size(); begin += BATCH) {
            List<RawBsonDocument> some = keys.subList(begin, Math.min(begin + BATCH, keys.size()));
            OptionalInt missing = transaction || overflow ? OptionalInt.empty() : firstAbsent(some);
            if (missing.isPresent()) {
                return OptionalInt.of(begin + missing.getAsInt());
            }
            for (RawBsonDocument key : some) {
                statements.delete(key);
                batch.add(statements.bytes(), 0, statements.length());
            }
            BsonDocument reply = send(batch);
            batch.clear();
            if (reply.containsKey("writeErrors") || (!overflow && counted(reply) != some.size())) {
                WriteErrors.require(channel.deployment(), namespace, reply);
                return OptionalInt.of(begin);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Of what was deleted nobody could tell afterwards whether it had been there. One that is not there by its bytes may be so
     * by the server's understanding, which takes 1 and 1.0 for one id: it is asked.
     */
    private OptionalInt firstAbsent(List<RawBsonDocument> keys) {
        Set<ByteBuffer> present = present(keys.stream().map(StrictWriter::idOf).toList());
        for (int i = 0; i < keys.size(); i++) {
            if (!present.contains(rawIdOf(keys.get(i)))
                    && present(List.of(idOf(keys.get(i)))).isEmpty()) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static BsonValue idOf(RawBsonDocument key) {
        return key.getOrDefault("_id", BsonNull.VALUE);
    }

    /** Java takes documents for equal whose fields only stand in another order; a server does not. */
    private static ByteBuffer rawIdOf(RawBsonDocument document) {
        for (RawFields field = RawFields.of(document); field.next(); ) {
            if (field.isNamed(ID)) {
                return field.field();
            }
        }
        return ByteBuffer.allocate(0);
    }

    private Set<ByteBuffer> present(List<BsonValue> ids) {
        var command = new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", new BsonArray(ids))))
                .append("projection", new BsonDocument("_id", new BsonInt32(1)))
                .append("batchSize", new BsonInt32(BATCH));
        Set<ByteBuffer> found = new HashSet<>();
        channel.deployment()
                .all(namespace.database(), command)
                .forEach(document -> found.add(rawIdOf((RawBsonDocument) document)));
        return found;
    }

    /** A command that fails as a whole within a transaction is an operation that was not possible; else it is trouble. */
    private BsonDocument send(WriteBatch batch) {
        BsonDocument reply = channel.send(namespace.database(), batch.command());
        boolean ok = reply.getNumber("ok").intValue() == 1;
        if (ok || transaction) {
            return reply;
        }
        throw new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s did not apply entries to %s: code %d"
                        .formatted(
                                channel.deployment().role(),
                                channel.deployment().hosts(),
                                namespace,
                                WriteChannel.code(reply)),
                "Look the code up in the server's log, mend the cause and run it again.");
    }

    private static int counted(BsonDocument reply) {
        return reply.getNumber("n", new BsonInt32(-1)).intValue();
    }
}
