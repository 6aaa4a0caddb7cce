package io.firedrill.storage;

import java.util.Map;
import java.util.Optional;

/** A key that never leaves the service that keeps it: what it wraps, only it can open. Thread-safe. */
public interface WrappingKey {
    /** By which the service knows it, and no other key ever. */
    String name();

    /**
     * Encrypts a few bytes.
     *
     * @param context bound to them, and told to the service's log: without the same one they do not open
     */
    byte[] wrap(byte[] secret, Map<String, String> context);

    /** Decrypts; empty where this key did not wrap these bytes in this context, or they were changed. */
    Optional<byte[]> unwrap(byte[] wrapped, Map<String, String> context);
}
