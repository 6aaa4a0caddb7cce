package io.firedrill.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bson.io.BsonInput;
import org.bson.io.BsonInputMark;
import org.bson.types.ObjectId;

/**
 * Messages one after the other, each read as it passes. Whoever reads past a message's end, or finds that it contradicts itself,
 * gets a {@link MalformedMessage}; a connection that ends within one is an {@link UncheckedIOException}.
 */
final class MessageInput implements BsonInput {
    /** What the server itself takes ({@code maxMessageSizeBytes}). */
    static final int BYTES_MAX = 48_000_000;

    /** Names and short values are read; whatever is longer is only stepped over. */
    private static final int TEXT_BYTES_MAX = 16 << 10;

    private static final int COPY_BYTES_MAX = 256;
    private static final byte[] NOTHING = {};

    private final PassingBytes bytes;
    private int position;
    private int length;
    private boolean copying;
    private byte[] copy = NOTHING;

    MessageInput(PassingBytes bytes) {
        this.bytes = bytes;
    }

    /** Waits for the next message; empty when the connection has ended between two. */
    Optional<MessageHeader> next() throws IOException {
        if (!bytes.hasNext()) {
            return Optional.empty();
        }
        position = 0;
        length = MessageHeader.BYTES;
        var header = new MessageHeader(readInt32(), readInt32(), readInt32(), readInt32());
        if (header.length() < MessageHeader.BYTES || header.length() > BYTES_MAX) {
            throw new MalformedMessage("its length is %d bytes".formatted(header.length()));
        }
        length = header.length();
        return Optional.of(header);
    }

    /** Waits for the rest of the message. What was received of it before its last bytes has been handed on by then. */
    void toEnd() {
        skip(length - position);
    }

    /** Hands the last bytes of the message on, so that whoever gets it acts on it. */
    void passOn() throws IOException {
        bytes.passOn();
    }

    int left() {
        return length - position;
    }

    /** How many bytes a part of the message has, by its own account: its number included, and at least {@code min}. */
    int readSize(int min) {
        int size = readInt32();
        if (size < min || size - Integer.BYTES > left()) {
            throw new MalformedMessage("a part of it has a length of %d bytes".formatted(size));
        }
        return size;
    }

    /** The bytes of a short document that is stepped over, without its length; empty for anything else. */
    byte[] copyOf(Runnable stepping) {
        copying = true;
        copy = NOTHING;
        try {
            stepping.run();
            return copy;
        } finally {
            copying = false;
        }
    }

    @Override
    public int getPosition() {
        return position;
    }

    @Override
    public byte readByte() {
        advance(1);
        try {
            return bytes.next();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Override
    public void skip(int count) {
        if (copying && count > 0 && count <= COPY_BYTES_MAX) {
            copy = new byte[count];
            readBytes(copy);
            return;
        }
        advance(count);
        try {
            bytes.skip(count);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private void advance(int count) {
        if (count < 0 || count > left()) {
            throw new MalformedMessage("it ends %d bytes before a value does".formatted(count - left()));
        }
        position += count;
    }

    @Override
    public void readBytes(byte[] target) {
        readBytes(target, 0, target.length);
    }

    @Override
    public void readBytes(byte[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = readByte();
        }
    }

    @Override
    public int readInt32() {
        return Byte.toUnsignedInt(readByte())
                | (Byte.toUnsignedInt(readByte()) << 8)
                | (Byte.toUnsignedInt(readByte()) << 16)
                | (Byte.toUnsignedInt(readByte()) << 24);
    }

    @Override
    public long readInt64() {
        return Integer.toUnsignedLong(readInt32()) | ((long) readInt32() << Integer.SIZE);
    }

    @Override
    public double readDouble() {
        return Double.longBitsToDouble(readInt64());
    }

    @Override
    public ObjectId readObjectId() {
        var id = new byte[12];
        readBytes(id);
        return new ObjectId(id);
    }

    @Override
    public String readString() {
        int size = readSize(1);
        if (size > TEXT_BYTES_MAX) {
            throw new MalformedMessage("a name in it has %d bytes".formatted(size));
        }
        var text = new byte[size];
        readBytes(text);
        return new String(text, 0, size - 1, StandardCharsets.UTF_8);
    }

    @Override
    public String readCString() {
        var text = new byte[64];
        int size = 0;
        for (byte each = readByte(); each != 0; each = readByte()) {
            if (size == TEXT_BYTES_MAX) {
                throw new MalformedMessage("a name in it has more than %d bytes".formatted(size));
            }
            if (size == text.length) {
                text = Arrays.copyOf(text, 2 * size);
            }
            text[size++] = each;
        }
        return new String(text, 0, size, StandardCharsets.UTF_8);
    }

    @Override
    public void skipCString() {
        while (readByte() != 0) {
            // Its end is all that is wanted.
        }
    }

    @Override
    public BsonInputMark getMark(int readLimit) {
        throw new UnsupportedOperationException("bytes that have passed cannot be read again");
    }

    @Override
    public boolean hasRemaining() {
        return left() > 0;
    }

    @Override
    public void close() {
        // The connection is closed by whoever opened it.
    }
}
