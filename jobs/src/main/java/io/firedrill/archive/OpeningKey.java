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

/** What opens encrypted backups: the private half of a {@link Recipient}. Restores hold it, backups never do. */
public final class OpeningKey {
    private static final String LABEL = "PRIVATE KEY";

    private final byte[] scalar;
    private final byte[] point;

    private OpeningKey(byte[] scalar, byte[] point) {
        this.scalar = scalar;
        this.point = point;
    }

    /**
     * A key pair, each half as its file has to be.
     *
     * @param opening the private half
     * @param recipient the public half
     */
    public record Pair(String opening, String recipient) {
        /** Nothing that is printed may hold a key. */
        @Override
        public String toString() {
            return "key pair";
        }
    }

    public static Pair make() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            return new Pair(
                    Pem.encode(LABEL, pair.getPrivate().getEncoded()),
                    Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has X25519", impossible);
        }
    }

    /**
     * Reads a key as {@code openssl genpkey -algorithm X25519} writes it.
     *
     * @param origin names the file, for messages
     */
    public static OpeningKey parse(String pem, String origin) {
        byte[] encoded = Pem.decode(LABEL, pem, origin);
        try {
            KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            // RFC 8410: the key is what the encoding ends with.
            byte[] scalar = Arrays.copyOfRange(encoded, encoded.length - Hpke.KEY_BYTES, encoded.length);
            return new OpeningKey(scalar, X25519.publicFromPrivate(scalar));
        } catch (GeneralSecurityException other) {
            throw Pem.wrong(LABEL, origin, "it is no X25519 key");
        }
    }

    /** Of its public half. */
    public String fingerprint() {
        return new Recipient(point).fingerprint();
    }

    /** Empty where it was wrapped for somebody else or in another context, or was changed. */
    @AccessesPartialKey
    Optional<byte[]> unwrap(byte[] wrapped, String context) {
        try {
            HpkePrivateKey key = HpkePrivateKey.create(
                    HpkePublicKey.create(Hpke.PARAMETERS, Bytes.copyFrom(point), null),
                    SecretBytes.copyFrom(scalar, InsecureSecretKeyAccess.get()));
            return Optional.of(Hpke.primitive(key, HybridDecrypt.class).decrypt(wrapped, Hpke.info(context)));
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
