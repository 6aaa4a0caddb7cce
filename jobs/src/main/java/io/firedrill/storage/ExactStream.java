package io.firedrill.storage;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** A stream of exactly so many bytes: fewer are a failure, never an end, and more are not read. */
final class ExactStream extends InputStream {
    private final InputStream in;
    private final Function<IOException, Failure> failure;
    private final Failure tooShort;
    private long left;

    ExactStream(InputStream in, long bytes, Failure tooShort, Function<IOException, Failure> failure) {
        this.in = in;
        this.left = bytes;
        this.tooShort = tooShort;
        this.failure = failure;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        try {
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw tooShort;
            }
            left -= n;
            return n;
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }
}
