package io.firedrill.migration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.bson.RawBsonDocument;

/** Messages of the wire protocol, put together byte by byte. */
final class WireBytes {
    static final int CHECKSUM = 1;
    static final int MORE_TO_COME = 2;

    private static final int MESSAGE = 2013;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An OP_MSG without any section yet. */
    static WireBytes message(int flags) {
        return new WireBytes().number(flags);
    }

    /** The usual message: one body. */
    static byte[] command(String json) {
        return message(0).body(json).sent();
    }

    WireBytes number(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    WireBytes raw(byte... more) {
        bytes.writeBytes(more);
        return this;
    }

    WireBytes text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8)).raw((byte) 0);
    }

    WireBytes body(String json) {
        return raw((byte) 0).document(json);
    }

    WireBytes document(String json) {
        return raw(bson(json));
    }

    WireBytes sequence(String name, String... documents) {
        return sequence(name, Stream.of(documents).map(RawBsonDocument::parse).toList());
    }

    WireBytes sequence(String name, List<RawBsonDocument> documents) {
        var content = new WireBytes().text(name);
        documents.forEach(each -> content.raw(bson(each)));
        return raw((byte) 1).number(4 + content.bytes.size()).raw(content.bytes.toByteArray());
    }

    static byte[] bson(String json) {
        return bson(RawBsonDocument.parse(json));
    }

    private static byte[] bson(RawBsonDocument document) {
        ByteBuffer raw = document.getByteBuffer().asNIO();
        var copy = new byte[raw.remaining()];
        raw.get(copy);
        return copy;
    }

    byte[] sent() {
        return sent(MESSAGE);
    }

    byte[] sent(int opCode) {
        return sent(MessageHeader.BYTES + bytes.size(), opCode);
    }

    /** With a length of its own account, which may be a lie. */
    byte[] sent(int length, int opCode) {
        return new WireBytes()
                .number(length)
                .number(7)
                .number(0)
                .number(opCode)
                .raw(bytes.toByteArray())
                .bytes
                .toByteArray();
    }

    /** With the checksum that the flag promises: CRC-32C of all that is before it. */
    byte[] sentWithChecksum() {
        byte[] whole = sent(MessageHeader.BYTES + bytes.size() + 4, MESSAGE);
        var sum = new CRC32C();
        sum.update(whole);
        return new WireBytes().raw(whole).number((int) sum.getValue()).bytes.toByteArray();
    }

    /** What is told of the first of these messages; it is not handed on. */
    static Optional<WriteCommand> read(byte[] messages) {
        return read(messages, OutputStream.nullOutputStream());
    }

    static Optional<WriteCommand> read(byte[] messages, OutputStream to) {
        try {
            var in = new MessageInput(new PassingBytes(new ByteArrayInputStream(messages), to));
            Optional<WriteCommand> write = CommandReader.read(in.next().orElseThrow(), in);
            in.toEnd();
            return write;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
