package io.firedrill.storage;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.Supplier;

/** The bytes of an object to be: how many, their checksum, and a way to read them again, so that a put can be retried. */
public final class Content {
    private final long bytes;
    private final byte[] sha256;
    private final Supplier<InputStream> open;

    private Content(long bytes, byte[] sha256, Supplier<InputStream> open) {
        if (bytes < 0 || sha256.length != Sha256.BYTES) {
            throw new IllegalArgumentException(
                    "content of %d bytes with a checksum of %d bytes".formatted(bytes, sha256.length));
        }
        this.bytes = bytes;
        this.sha256 = sha256.clone();
        this.open = open;
    }

    public static Content of(byte[] bytes) {
        return new Content(bytes.length, Sha256.of(bytes), () -> new ByteArrayInputStream(bytes));
    }

    public static Content of(long bytes, byte[] sha256, Supplier<InputStream> open) {
        return new Content(bytes, sha256, open);
    }

    public long bytes() {
        return bytes;
    }

    public byte[] sha256() {
        return sha256.clone();
    }

    /** The bytes from the beginning; each call opens anew. */
    public InputStream open() {
        return open.get();
    }

    boolean hasSha256(byte[] other) {
        return MessageDigest.isEqual(sha256, other);
    }
}
