package io.firedrill.archive;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * Takes the raw documents of one segment and makes the object of them: digest over the raw bytes, compression, digest over
 * the compressed bytes, in one pass. Holds the compressed bytes only. Not safe for use by several threads.
 */
public final class SegmentWriter {
    /** More costs more time than it saves bytes: docs/MEASURED.md. */
    private static final int LEVEL = 1;

    private static final int BUFFER = 128 << 10;

    private final MessageDigest raw = Digests.sha256();
    private final MessageDigest stored = Digests.sha256();
    private final ByteChunks chunks = new ByteChunks();
    private final OutputStream compressor;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private long documents;
    private long bytesRaw;

    public SegmentWriter() {
        try {
            // The frame's own checksum lets "zstd --test" judge an object without us.
            compressor =
                    new ZstdOutputStreamNoFinalizer(new DigestOutputStream(chunks, stored), LEVEL).setChecksum(true);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    public void add(byte[] bytes, int offset, int length) {
        documents++;
        bytesRaw += length;
        if (length > BUFFER - buffered) {
            drain();
        }
        if (length > BUFFER) {
            consume(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    public long documents() {
        return documents;
    }

    public long bytesRaw() {
        return bytesRaw;
    }

    /** Ends the segment. */
    Packed finish() {
        try {
            drain();
            compressor.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        return new Packed(chunks, Digests.hex(raw.digest()), Digests.hex(stored.digest()));
    }

    private void drain() {
        consume(buffer, 0, buffered);
        buffered = 0;
    }

    private void consume(byte[] bytes, int offset, int length) {
        try {
            raw.update(bytes, offset, length);
            compressor.write(bytes, offset, length);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** A finished segment's bytes as they will lie in the store. */
    record Packed(ByteChunks chunks, String sha256, String storedSha256) {
        long bytes() {
            return chunks.size();
        }

        InputStream open() {
            return chunks.open();
        }
    }
}
