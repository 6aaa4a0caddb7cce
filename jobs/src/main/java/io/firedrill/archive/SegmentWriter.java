package io.firedrill.archive;

import io.firedrill.storage.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.function.UnaryOperator;

/**
 * Takes the raw documents of one segment, digests them as they come, and makes the object of them only when somebody wants
 * it: most segments of a later backup lie in the store already. Holds the raw bytes, then the compressed ones, never all of
 * both. Not safe for use by several threads.
 */
public final class SegmentWriter {
    private final ByteChunks raw = new ByteChunks();
    private final MessageDigest digest = Digests.sha256();
    private int chunksDigested;
    private long documents;
    private long bytesRaw;

    public void add(byte[] bytes, int offset, int length) {
        documents++;
        bytesRaw += length;
        raw.write(bytes, offset, length);
        digestWholeChunks();
    }

    /** By whole chunks: pieces large enough for the digest's fast path, and still in the processor's cache. */
    private void digestWholeChunks() {
        for (; chunksDigested < raw.wholeChunks(); chunksDigested++) {
            raw.update(digest, chunksDigested);
        }
    }

    public long documents() {
        return documents;
    }

    public long bytesRaw() {
        return bytesRaw;
    }

    /** What was added so far, as if it had been read from an object. */
    WholeSegment whole(ObjectKey key) {
        return new WholeSegment(raw, documents, key);
    }

    /** Ends the segment: SHA-256 over its raw documents, in hex. */
    String finish() {
        if (raw.size() > raw.wholeChunks() * (long) ByteChunks.CHUNK) {
            raw.update(digest, chunksDigested);
        }
        return Digests.hex(digest.digest());
    }

    /** Hands the memory back; what was added is gone, but for how much it was. */
    public void release() {
        raw.release();
    }

    /** What the compressed bytes go through on their way: nothing, or encryption. */
    interface Layer {
        OutputStream over(OutputStream out) throws IOException;
    }

    /** Compresses a finished segment; its raw bytes are gone then. */
    Packed pack() {
        return pack(out -> out, digest -> new byte[0]);
    }

    /**
     * The same, with a layer of its own and bytes at the end.
     *
     * @param layer between the compressor and the object
     * @param last makes the object's last bytes from the SHA-256 of those before them
     */
    Packed pack(Layer layer, UnaryOperator<byte[]> last) {
        MessageDigest stored = Digests.sha256();
        var packed = new ByteChunks();
        try (var out = layer.over(new DigestOutputStream(packed, stored));
                var frames = new ZstdFrames(out)) {
            raw.drain(frames::write);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        byte[] end = last.apply(soFar(stored));
        packed.write(end, 0, end.length);
        stored.update(end);
        return new Packed(packed, Digests.hex(stored.digest()));
    }

    private static byte[] soFar(MessageDigest digest) {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("every JDK's SHA-256 can be copied", impossible);
        }
    }

    /** A segment's bytes as they will lie in the store. */
    record Packed(ByteChunks chunks, String storedSha256) {
        long bytes() {
            return chunks.size();
        }

        InputStream open() {
            return chunks.open();
        }

        /** Hands the memory back, once nobody reads it any more. */
        void release() {
            chunks.release();
        }
    }
}
