package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** One entry of an oplog, or one operation within it, as raw BSON. */
record OplogEntry(RawBsonDocument raw) {
    /** Takes a copy: the bytes are shared with the next entry of whoever reads them. */
    static OplogEntry copyOf(byte[] bytes, int offset, int length) {
        return new OplogEntry(new RawBsonDocument(java.util.Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    /** One operation of a list, with bytes of its own: it must not keep sixteen megabytes of others in memory. */
    static OplogEntry copyOf(BsonDocument operation) {
        ByteBuffer bytes = ((RawBsonDocument) operation).getByteBuffer().asNIO();
        return copyOf(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /** An entry that is looked at only as long as its bytes are there. */
    static OplogEntry within(byte[] bytes, int offset, int length) {
        return new OplogEntry(new RawBsonDocument(bytes, offset, length));
    }

    /** One operation of a list that is looked at while the list is. */
    static OplogEntry within(BsonDocument operation) {
        return new OplogEntry((RawBsonDocument) operation);
    }

    static OpTime timeOf(byte[] bytes, int offset, int length) {
        return OpTime.of(new RawBsonDocument(bytes, offset, length).getTimestamp("ts"));
    }

    OpTime at() {
        return OpTime.of(raw.getTimestamp("ts"));
    }

    String kind() {
        return raw.getString("op").getValue();
    }

    String namespace() {
        return raw.getString("ns").getValue();
    }

    long term() {
        return raw.getInt64("t").getValue();
    }

    Optional<UUID> collection() {
        return raw.containsKey("ui") ? Optional.of(raw.getBinary("ui").asUuid()) : Optional.empty();
    }

    RawBsonDocument object() {
        return (RawBsonDocument) raw.getDocument("o");
    }

    /** The {@code _id} of the document that an insert, an update or a delete is about. */
    BsonValue id() {
        BsonDocument holder = kind().equals("u") ? raw.getDocument("o2") : raw.getDocument("o");
        BsonValue id = holder.get("_id");
        return id == null ? BsonNull.VALUE : id;
    }

    int bytes() {
        return raw.getByteBuffer().remaining();
    }

    String command() {
        return object().getFirstKey();
    }

    List<BsonDocument> operations() {
        return object().getArray("applyOps").stream().map(BsonValue::asDocument).toList();
    }

    boolean isCommand() {
        return kind().equals("c");
    }

    boolean isApplyOps() {
        return isCommand() && command().equals("applyOps");
    }

    /** Whether more of the same transaction follows before any of it may be applied. */
    boolean isUndecided() {
        return object().containsKey("partialTxn") || object().containsKey("prepare");
    }

    /** The part of the same transaction before this one; empty for the first, and for what is no part of one. */
    Optional<OpTime> previous() {
        boolean alone =
                raw.containsKey("multiOpType") && raw.getInt32("multiOpType").getValue() == 1;
        BsonTimestamp before =
                raw.containsKey("prevOpTime") ? raw.getDocument("prevOpTime").getTimestamp("ts") : new BsonTimestamp();
        return alone || before.getValue() == 0 ? Optional.empty() : Optional.of(OpTime.of(before));
    }

    /** When its effect became visible: a prepared transaction says so itself. */
    OpTime visibleAt() {
        return command().equals("commitTransaction") && object().containsKey("commitTimestamp")
                ? OpTime.of(object().getTimestamp("commitTimestamp"))
                : at();
    }
}
