package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bson.BsonBinaryWriter;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/** One write command, built as bytes around raw documents, so that no document is decoded on its way. */
final class WriteBatch {
    /** Below the 16 MB + 16 KB of a command, leaving room for what the driver adds. A larger single document still fits. */
    private static final int BYTES_MAX = 14 << 20;

    /** What to begin with: of ten thousand tiny collections each has a batch of its own. */
    private static final int BYTES_MIN = 64 << 10;

    private static final int DOCUMENTS_MAX = 100_000;
    private static final byte ARRAY = 4;

    private final byte[] head;
    private byte[] bytes = new byte[BYTES_MIN];
    private int[] offsets = new int[1024];
    private int end;
    private int documents;

    /**
     * @param command without its array
     * @param array what the command calls the array of its documents or statements
     */
    private WriteBatch(BsonDocument command, String array) {
        byte[] fields = encoded(command);
        byte[] arrayName = (array + "\0").getBytes(StandardCharsets.UTF_8);
        // The fields without their final zero, then the array's type, name and length.
        ByteBuffer buffer = ByteBuffer.allocate(fields.length - 1 + 1 + arrayName.length + Integer.BYTES);
        buffer.put(fields, 0, fields.length - 1).put(ARRAY).put(arrayName);
        head = buffer.array();
        clear();
    }

    /** Documents, in any order, each insert on its own. */
    static WriteBatch inserts(String collection) {
        return new WriteBatch(
                bypassing("insert", collection)
                        .append("ordered", BsonBoolean.FALSE)
                        .append("writeConcern", soon()),
                "documents");
    }

    /** Documents within a transaction: that has a write concern of its own, and ends with the first error. */
    static WriteBatch insertsInTransaction(String collection) {
        return new WriteBatch(bypassing("insert", collection), "documents");
    }

    /** Update statements, in their order. */
    static WriteBatch updates(String collection) {
        return new WriteBatch(bypassing("update", collection).append("writeConcern", soon()), "updates");
    }

    static WriteBatch updatesInTransaction(String collection) {
        return new WriteBatch(bypassing("update", collection), "updates");
    }

    /** Delete statements, in their order. */
    static WriteBatch deletes(String collection) {
        return new WriteBatch(
                new BsonDocument("delete", new BsonString(collection)).append("writeConcern", soon()), "deletes");
    }

    static WriteBatch deletesInTransaction(String collection) {
        return new WriteBatch(new BsonDocument("delete", new BsonString(collection)), "deletes");
    }

    private static BsonDocument bypassing(String command, String collection) {
        return new BsonDocument(command, new BsonString(collection))
                .append("bypassDocumentValidation", BsonBoolean.TRUE);
    }

    private static BsonDocument soon() {
        return new BsonDocument("w", new BsonInt32(1)).append("j", BsonBoolean.FALSE);
    }

    boolean isEmpty() {
        return documents == 0;
    }

    /** How many documents or statements it holds. */
    int size() {
        return documents;
    }

    boolean hasRoomFor(int length) {
        return documents == 0 || (documents < DOCUMENTS_MAX && end + length <= BYTES_MAX);
    }

    void add(byte[] source, int offset, int length) {
        byte[] name = (documents + "\0").getBytes(StandardCharsets.UTF_8);
        reserve(1 + name.length + length + 2);
        bytes[end++] = 3;
        System.arraycopy(name, 0, bytes, end, name.length);
        end += name.length;
        if (documents == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * documents);
        }
        offsets[documents++] = end;
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    RawBsonDocument command() {
        bytes[end] = 0;
        bytes[end + 1] = 0;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(head.length - Integer.BYTES, end + 1 - (head.length - Integer.BYTES));
        buffer.putInt(0, end + 2);
        return new RawBsonDocument(bytes, 0, end + 2);
    }

    /** A document that is in the batch; valid until {@link #clear}. */
    RawBsonDocument document(int index) {
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offsets[index]);
        return new RawBsonDocument(bytes, offsets[index], length);
    }

    void clear() {
        System.arraycopy(head, 0, bytes, 0, head.length);
        end = head.length;
        documents = 0;
    }

    private void reserve(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + more, 2 * bytes.length));
        }
    }

    private static byte[] encoded(BsonDocument document) {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            new BsonDocumentCodec()
                    .encode(writer, document, EncoderContext.builder().build());
            return buffer.toByteArray();
        }
    }
}
