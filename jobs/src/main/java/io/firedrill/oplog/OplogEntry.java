package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RawFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonNull;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** One entry of an oplog, or one operation within it, as raw BSON: where its fields lie is all that is looked up beforehand. */
final class OplogEntry {
    private static final byte[] TIME = name("ts");
    private static final byte[] KIND = name("op");
    private static final byte[] NAMESPACE = name("ns");
    private static final byte[] COLLECTION = name("ui");
    private static final byte[] OBJECT = name("o");
    private static final byte[] OTHER_OBJECT = name("o2");
    private static final BsonDocumentCodec DECODED = new BsonDocumentCodec();
    private static final List<String> KINDS = List.of("i", "u", "d", "c", "n");

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private String kind = "";
    private int time;
    private int namespace;
    private int collection;
    private int object;
    private int otherObject;
    private @Nullable BsonValue id;

    private OplogEntry(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        for (RawFields field = new RawFields(bytes, offset); field.next(); ) {
            if (field.isNamed(TIME)) {
                time = field.value();
            } else if (field.isNamed(KIND)) {
                kind = kindOf(field);
            } else if (field.isNamed(NAMESPACE)) {
                namespace = field.value();
            } else if (field.isNamed(COLLECTION)) {
                collection = field.value();
            } else if (field.isNamed(OBJECT)) {
                object = field.value();
            } else if (field.isNamed(OTHER_OBJECT)) {
                otherObject = field.value();
            }
        }
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static String kindOf(RawFields field) {
        int text = field.value() + Integer.BYTES;
        for (String known : KINDS) {
            if (field.valueLength() == Integer.BYTES + 2 && field.bytes()[text] == known.charAt(0)) {
                return known;
            }
        }
        return new String(field.bytes(), text, field.valueLength() - Integer.BYTES - 1, StandardCharsets.UTF_8);
    }

    /** Takes a copy: the bytes are shared with the next entry of whoever reads them. */
    static OplogEntry copyOf(byte[] bytes, int offset, int length) {
        return new OplogEntry(Arrays.copyOfRange(bytes, offset, offset + length), 0, length);
    }

    /** One operation of a list, with bytes of its own: it must not keep sixteen megabytes of others in memory. */
    static OplogEntry copyOf(BsonDocument operation) {
        ByteBuffer bytes = ((RawBsonDocument) operation).getByteBuffer().asNIO();
        return copyOf(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /** An entry that is looked at only as long as its bytes are there. */
    static OplogEntry within(byte[] bytes, int offset, int length) {
        return new OplogEntry(bytes, offset, length);
    }

    /** One operation of a list that is looked at while the list is. */
    static OplogEntry within(BsonDocument operation) {
        ByteBuffer bytes = ((RawBsonDocument) operation).getByteBuffer().asNIO();
        return new OplogEntry(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    static OpTime timeOf(byte[] bytes, int offset, int length) {
        return new OplogEntry(bytes, offset, length).at();
    }

    /**
     * What the entries of one transaction have in common. Without their bytes: they are sixteen megabytes, or the next entry's
     * soon.
     */
    BsonValue transaction() {
        BsonValue session = raw().getOrDefault("lsid", BsonNull.VALUE);
        return new BsonArray(List.of(
                session instanceof RawBsonDocument document ? document.decode(DECODED) : session,
                raw().getOrDefault("txnNumber", BsonNull.VALUE)));
    }

    RawBsonDocument raw() {
        return new RawBsonDocument(bytes, offset, length);
    }

    static String kindOf(byte[] bytes, int offset, int length) {
        return new OplogEntry(bytes, offset, length).kind();
    }

    OpTime at() {
        if (time == 0) {
            throw new BsonInvalidOperationException("an operation within a list has no time of its own");
        }
        return OpTime.of(new BsonTimestamp(little().getLong(time)));
    }

    String kind() {
        return kind;
    }

    String namespace() {
        return new String(bytes, namespace + Integer.BYTES, little().getInt(namespace) - 1, StandardCharsets.UTF_8);
    }

    long term() {
        return raw().getInt64("t").getValue();
    }

    Optional<UUID> collection() {
        if (collection == 0) {
            return Optional.empty();
        }
        ByteBuffer big = ByteBuffer.wrap(bytes);
        int uuid = collection + Integer.BYTES + 1;
        return Optional.of(new UUID(big.getLong(uuid), big.getLong(uuid + Long.BYTES)));
    }

    RawBsonDocument object() {
        return document(object);
    }

    /** Holds the {@code _id} of the document that an insert, an update or a delete is about. */
    RawBsonDocument key() {
        return document(kind.equals("u") ? otherObject : object);
    }

    private RawBsonDocument document(int at) {
        return new RawBsonDocument(bytes, at, little().getInt(at));
    }

    BsonValue id() {
        BsonValue known = id;
        if (known == null) {
            known = key().getOrDefault("_id", BsonNull.VALUE);
            id = known;
        }
        return known;
    }

    int bytes() {
        return length;
    }

    private ByteBuffer little() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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

    boolean isOfTransaction() {
        return raw().containsKey("txnNumber");
    }

    boolean isApplyOps() {
        return isCommand() && command().equals("applyOps");
    }

    /** Whether it decides on a transaction whose parts all came before. */
    boolean isTransactionEnd() {
        return kind().equals("c")
                && (command().equals("commitTransaction") || command().equals("abortTransaction"));
    }

    /** Whether more of the same transaction follows before any of it may be applied. */
    boolean isUndecided() {
        return object().containsKey("partialTxn") || object().containsKey("prepare");
    }

    /** The part of the same transaction before this one; empty for the first, and for what is no part of one. */
    Optional<OpTime> previous() {
        boolean alone = raw().containsKey("multiOpType")
                && raw().getInt32("multiOpType").getValue() == 1;
        BsonTimestamp before = raw().containsKey("prevOpTime")
                ? raw().getDocument("prevOpTime").getTimestamp("ts")
                : new BsonTimestamp();
        return alone || before.getValue() == 0 ? Optional.empty() : Optional.of(OpTime.of(before));
    }

    /** When its effect became visible: a prepared transaction says so itself. */
    OpTime visibleAt() {
        return command().equals("commitTransaction") && object().containsKey("commitTimestamp")
                ? OpTime.of(object().getTimestamp("commitTimestamp"))
                : at();
    }
}
