package io.firedrill.archive;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.subtle.X25519;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** The private half of an {@link X25519Recipient}. */
final class X25519OpeningKey implements OpeningKey {
    private static final String LABEL = "PRIVATE KEY";

    private final byte[] scalar;
    private final byte[] point;

    private X25519OpeningKey(byte[] scalar, byte[] point) {
        this.scalar = scalar;
        this.point = point;
    }

    static Pair make() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            return new Pair(
                    Pem.encode(LABEL, pair.getPrivate().getEncoded()),
                    Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has X25519", impossible);
        }
    }

    static X25519OpeningKey parse(String pem, String origin) {
        byte[] encoded = Pem.decode(LABEL, pem, origin);
        try {
            KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            // RFC 8410: the key is what the encoding ends with.
            byte[] scalar = Arrays.copyOfRange(encoded, encoded.length - Hpke.KEY_BYTES, encoded.length);
            return new X25519OpeningKey(scalar, X25519.publicFromPrivate(scalar));
        } catch (GeneralSecurityException other) {
            throw Pem.wrong(LABEL, origin, "it is no X25519 key");
        }
    }

    /** Of its public half. */
    @Override
    public String fingerprint() {
        return new X25519Recipient(point).fingerprint();
    }

    @Override
    @AccessesPartialKey
    public Optional<byte[]> unwrap(byte[] wrapped, KeyName name) {
        try {
            HpkePrivateKey key = HpkePrivateKey.create(
                    HpkePublicKey.create(Hpke.PARAMETERS, Bytes.copyFrom(point), null),
                    SecretBytes.copyFrom(scalar, InsecureSecretKeyAccess.get()));
            return Optional.of(Hpke.primitive(key, HybridDecrypt.class).decrypt(wrapped, Hpke.info(name.label())));
        } catch (GeneralSecurityException changed) {
            return Optional.empty();
        }
    }

    /** Nothing that is printed may hold a key. */
    @Override
    public String toString() {
        return "private key of " + fingerprint();
    }
}
