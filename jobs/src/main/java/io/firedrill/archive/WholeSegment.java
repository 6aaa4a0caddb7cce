package io.firedrill.archive;

import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.storage.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The raw documents of one object whose digests have been compared. */
final class WholeSegment implements VerifiedSegment {
    private static final int DOCUMENT_BYTES_MIN = 5;
    private static final int DOCUMENT_BYTES_MAX = (16 << 20) + (16 << 10);

    private final ByteChunks raw;
    private final long documents;
    private final ObjectKey key;

    WholeSegment(ByteChunks raw, long documents, ObjectKey key) {
        this.raw = raw;
        this.documents = documents;
        this.key = key;
    }

    @Override
    public void forEachDocument(DocumentConsumer consumer) {
        byte[] buffer = new byte[64 << 10];
        long count = 0;
        try (InputStream in = raw.open()) {
            while (in.readNBytes(buffer, 0, Integer.BYTES) == Integer.BYTES) {
                int length =
                        ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt();
                if (length < DOCUMENT_BYTES_MIN || length > DOCUMENT_BYTES_MAX) {
                    throw ArchiveFile.damaged(key, "it holds a document of %d bytes".formatted(length));
                }
                buffer = roomFor(length, buffer);
                if (in.readNBytes(buffer, Integer.BYTES, length - Integer.BYTES) < length - Integer.BYTES) {
                    throw ArchiveFile.damaged(key, "its last document is cut off");
                }
                consumer.accept(buffer, 0, length);
                count++;
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (count != documents) {
            throw ArchiveFile.damaged(key, "it holds %d documents instead of %d".formatted(count, documents));
        }
    }

    private static byte[] roomFor(int length, byte[] buffer) {
        if (length <= buffer.length) {
            return buffer;
        }
        byte[] larger = new byte[Math.max(length, 2 * buffer.length)];
        System.arraycopy(buffer, 0, larger, 0, Integer.BYTES);
        return larger;
    }
}
