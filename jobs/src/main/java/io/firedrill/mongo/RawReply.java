package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BsonInput;

/**
 * One reply to find or getMore as the bytes it came in: documents are walked in place, never decoded, so that duplicate
 * fields, NaN payloads and invalid UTF-8 come through as they are.
 *
 * <p>Its bytes are shared with the next reply of the same cursor, and with those of other cursors once its codec is closed: valid
 * until then.
 */
final class RawReply {
    private static final byte DOCUMENT = 3;
    private static final byte ARRAY = 4;
    private static final byte LONG = 18;

    private final byte[] bytes;
    private final int length;

    private RawReply(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** The cursor's id; 0 when it is exhausted. */
    long cursorId() {
        int cursor = find(0, "cursor", DOCUMENT);
        return buffer().getLong(find(cursor, "id", LONG));
    }

    /** The collection that getMore has to name. */
    String cursorCollection() {
        String namespace = new RawBsonDocument(bytes, 0, length)
                .getDocument("cursor")
                .getString("ns")
                .getValue();
        return namespace.substring(namespace.indexOf('.') + 1);
    }

    void forEachDocument(String batchName, DocumentConsumer consumer) {
        ByteBuffer buffer = buffer();
        int batch = find(find(0, "cursor", DOCUMENT), batchName, ARRAY);
        int position = batch + 4;
        while (bytes[position] != 0) {
            position = afterName(position + 1);
            int size = buffer.getInt(position);
            consumer.accept(bytes, position, size);
            position += size;
        }
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The position of a field's value in the document at a position. */
    private int find(int document, String name, byte type) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = buffer();
        int position = document + 4;
        while (bytes[position] != 0) {
            byte found = bytes[position];
            int nameAt = position + 1;
            int value = afterName(nameAt);
            if (found == type && isName(nameAt, wanted)) {
                return value;
            }
            position = value + BsonSizes.valueSize(found, buffer, value);
        }
        throw new IllegalStateException("the server's reply has no field '%s'".formatted(name));
    }

    private boolean isName(int at, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return bytes[at + wanted.length] == 0;
    }

    private int afterName(int at) {
        int end = at;
        while (bytes[end] != 0) {
            end++;
        }
        return end + 1;
    }

    /** Copies a reply once, out of the driver's buffer into an array that the cursor keeps for the next one, and leaves to another. */
    static final class RawReplyCodec implements Codec<RawReply>, AutoCloseable {
        /** An array is as large as a reply, 16 MB: no more of them than there are lanes in a small heap, whoever has read before. */
        private static final Queue<byte[]> SPARE = new ArrayBlockingQueue<>(2);

        private byte[] scratch = Objects.requireNonNullElseGet(SPARE.poll(), () -> new byte[0]);

        @Override
        public RawReply decode(BsonReader reader, DecoderContext context) {
            BsonInput input = ((BsonBinaryReader) reader).getBsonInput();
            int size = input.readInt32();
            if (scratch.length < size) {
                scratch = new byte[size];
            }
            ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN).putInt(size);
            input.readBytes(scratch, Integer.BYTES, size - Integer.BYTES);
            return new RawReply(scratch, size);
        }

        /** Ends the use of the last reply too. */
        @Override
        public void close() {
            boolean _ = scratch.length > 0 && SPARE.offer(scratch);
            scratch = new byte[0];
        }

        @Override
        public void encode(BsonWriter writer, RawReply value, EncoderContext context) {
            throw new IllegalStateException("replies are read, never written");
        }

        @Override
        public Class<RawReply> getEncoderClass() {
            return RawReply.class;
        }
    }
}
