package io.firedrill.archive;

import io.firedrill.storage.WrappingKey;
import java.util.Optional;

/** A key that a service keeps and never gives away: it wraps for who may encrypt with it, and opens for who may decrypt. */
public record ServiceKey(WrappingKey key) implements Recipient, OpeningKey {
    /** The service's name of the key. */
    @Override
    public String fingerprint() {
        return key.name();
    }

    @Override
    public byte[] wrap(byte[] secret, KeyName name) {
        return key.wrap(secret, name.context());
    }

    @Override
    public Optional<byte[]> unwrap(byte[] wrapped, KeyName name) {
        return key.unwrap(wrapped, name.context());
    }

    @Override
    public String toString() {
        return key.name();
    }
}
