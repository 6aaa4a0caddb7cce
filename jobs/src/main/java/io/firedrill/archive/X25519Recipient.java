package io.firedrill.archive;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.util.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** A recipient by an X25519 public key, that wraps data keys by HPKE (RFC 9180). */
final class X25519Recipient implements Recipient {
    private static final String LABEL = "PUBLIC KEY";

    private final byte[] point;

    X25519Recipient(byte[] point) {
        this.point = point;
    }

    static X25519Recipient parse(String pem, String origin) {
        byte[] encoded = Pem.decode(LABEL, pem, origin);
        try {
            KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException other) {
            throw Pem.wrong(LABEL, origin, "it is no X25519 key");
        }
        // RFC 8410: the key is what the encoding ends with.
        return new X25519Recipient(Arrays.copyOfRange(encoded, encoded.length - Hpke.KEY_BYTES, encoded.length));
    }

    /** The first 16 hex digits of the key's SHA-256. */
    @Override
    public String fingerprint() {
        return Digests.sha256Hex(point).substring(0, 16);
    }

    @Override
    @AccessesPartialKey
    public byte[] wrap(byte[] secret, KeyName name) {
        try {
            HpkePublicKey key = HpkePublicKey.create(Hpke.PARAMETERS, Bytes.copyFrom(point), null);
            return Hpke.primitive(key, HybridEncrypt.class).encrypt(secret, Hpke.info(name.label()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a key cannot be wrapped for " + fingerprint(), impossible);
        }
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
