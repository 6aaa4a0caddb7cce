package io.firedrill.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses chunk by chunk, a frame each. At level 1 the compressor looks back no further than a chunk or two anyway; a
 * stream over all of them copies what it is given before it looks at it, which costs a seventh more: docs/MEASURED.md.
 */
final class ZstdFrames implements AutoCloseable {
    /** More costs more time than it saves bytes: docs/MEASURED.md. */
    private static final int LEVEL = 1;

    // The frame's own checksum lets "zstd --test" judge an object without us.
    private final ZstdCompressCtx compressor =
            new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
    private final byte[] frame = new byte[(int) Zstd.compressBound(ByteChunks.CHUNK)];
    private final OutputStream out;

    ZstdFrames(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a frame.
     *
     * @param length at most {@link ByteChunks#CHUNK}; from the beginning of the bytes
     */
    void write(byte[] bytes, int length) throws IOException {
        int size = compressor.compressByteArray(frame, 0, frame.length, bytes, 0, length);
        out.write(frame, 0, size);
    }

    @Override
    public void close() {
        compressor.close();
    }
}
