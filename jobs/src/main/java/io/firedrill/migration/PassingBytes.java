package io.firedrill.migration;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Bytes on their way from one side to the other, looked at as they pass. One buffer of them is held at most: when it is full and
 * more are wanted, what was looked at goes on. The byte that was looked at last stays until {@link #passOn}.
 */
final class PassingBytes {
    static final int HELD_MAX = 64 << 10;

    private final InputStream from;
    private final OutputStream to;
    private final byte[] buffer = new byte[HELD_MAX];
    private int kept;
    private int next;
    private int end;

    PassingBytes(InputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    /** Waits until there is another byte; false when there will be none. */
    boolean hasNext() throws IOException {
        if (next < end) {
            return true;
        }
        if (end == buffer.length) {
            passOn();
        }
        int read = from.read(buffer, end, buffer.length - end);
        end += Math.max(0, read);
        return read > 0;
    }

    byte next() throws IOException {
        require();
        return buffer[next++];
    }

    void skip(int count) throws IOException {
        for (int left = count; left > 0; ) {
            require();
            int here = Math.min(left, end - next);
            next += here;
            left -= here;
        }
    }

    private void require() throws IOException {
        if (!hasNext()) {
            throw new EOFException("the connection ended within a message");
        }
    }

    /** Hands on all that was looked at. */
    void passOn() throws IOException {
        to.write(buffer, kept, next - kept);
        kept = next;
        if (next == end) {
            kept = next = end = 0;
        }
    }
}
