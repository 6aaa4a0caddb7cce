package io.firedrill.archive;

/** Who can read an encrypted backup. Whoever makes backups needs no more than this. */
public sealed interface Recipient permits X25519Recipient, ServiceKey {
    /**
     * Reads an X25519 key as {@code openssl pkey -pubout} writes it.
     *
     * @param origin names the file, for messages
     */
    static Recipient parse(String pem, String origin) {
        return X25519Recipient.parse(pem, origin);
    }

    /** Names the key, and tells nothing of it. */
    String fingerprint();

    /** What only this recipient can open again, and only under the same name. */
    byte[] wrap(byte[] secret, KeyName name);
}
