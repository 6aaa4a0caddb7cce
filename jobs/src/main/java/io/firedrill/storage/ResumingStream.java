package io.firedrill.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads so many bytes to the last, opening again at the position reached when the connection breaks or ends early.
 *
 * <p>Its patience is that of {@link Retries}, and begins anew with each mebibyte of progress: a reader may take hours.
 */
final class ResumingStream extends InputStream {
    private static final long PROGRESS_BYTES = 1 << 20;

    private final long bytes;
    private final LongFunction<Body> openAt;
    private final Retries retries;
    private final Breakage breakage;
    private Body body;
    private long position;
    private long faultedAt;
    private int faults;

    /** One answer: the bytes from some position on, and how to drop the connection without reading the rest. */
    record Body(InputStream in, Runnable abort) {}

    /** Names what broke off at a position; the cause is null if the body merely ended too early. */
    @FunctionalInterface
    interface Breakage {
        RuntimeException at(long position, @Nullable Exception cause);
    }

    ResumingStream(long bytes, Body first, LongFunction<Body> openAt, Retries retries, Breakage breakage) {
        this.bytes = bytes;
        this.body = first;
        this.openAt = openAt;
        this.retries = retries;
        this.breakage = breakage;
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
        while (position < bytes) {
            int n = readOrResume(buffer, offset, (int) Math.min(length, bytes - position));
            if (n > 0) {
                position += n;
                return n;
            }
        }
        return -1;
    }

    /** The bytes read; none if the body had no more to give and another now stands in its place. */
    private int readOrResume(byte[] buffer, int offset, int length) {
        try {
            int n = body.in.read(buffer, offset, length);
            if (n > 0) {
                return n;
            }
            resume(null);
        } catch (IOException | SdkException e) {
            resume(e);
        }
        return 0;
    }

    private void resume(@Nullable Exception cause) {
        body.abort.run();
        if (position - faultedAt >= PROGRESS_BYTES) {
            faults = 0;
        }
        faultedAt = position;
        var broken = breakage.at(position, cause);
        if (!(broken instanceof TransientFault fault)) {
            throw broken;
        }
        retries.waitOrGiveUp(++faults, fault);
        body = openAt.apply(position);
    }

    @Override
    public void close() {
        // Closing would read the rest, to keep the connection; ours may have gigabytes to go.
        if (position < bytes) {
            body.abort.run();
            return;
        }
        try {
            body.in.close();
        } catch (IOException e) {
            body.abort.run();
        }
    }
}
