package io.firedrill.archive;

import java.util.Optional;

/** What opens encrypted backups: the other half of a {@link Recipient}. Restores hold it, backups never do. */
public sealed interface OpeningKey permits X25519OpeningKey, ServiceKey {
    /**
     * A key pair, each half as its file has to be.
     *
     * @param opening the private half
     * @param recipient the public half
     */
    record Pair(String opening, String recipient) {
        /** Nothing that is printed may hold a key. */
        @Override
        public String toString() {
            return "key pair";
        }
    }

    /** A new X25519 key. */
    static Pair make() {
        return X25519OpeningKey.make();
    }

    /**
     * Reads an X25519 key as {@code openssl genpkey -algorithm X25519} writes it.
     *
     * @param origin names the file, for messages
     */
    static OpeningKey parse(String pem, String origin) {
        return X25519OpeningKey.parse(pem, origin);
    }

    /** Of the recipient. */
    String fingerprint();

    /** Empty where it was wrapped for somebody else or under another name, or was changed. */
    Optional<byte[]> unwrap(byte[] wrapped, KeyName name);
}
