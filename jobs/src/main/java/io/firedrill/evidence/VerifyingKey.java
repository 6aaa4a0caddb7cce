package io.firedrill.evidence;

import com.google.crypto.tink.subtle.Ed25519Verify;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * A public Ed25519 key, by which anybody can tell who signed. It verifies with Tink, which takes a third of the time that the JDK does
 * (docs/PERFORMANCE.md): a ledger has a signature for every run there ever was, and one for every checkpoint.
 */
public final class VerifyingKey {
    static final String LABEL = "PUBLIC KEY";
    /** Of the point, at the end of a SubjectPublicKeyInfo (RFC 8410). */
    private static final int POINT_BYTES = 32;

    private final PublicKey key;
    private final Ed25519Verify verifier;
    private final String id;

    private VerifyingKey(PublicKey key) {
        this.key = key;
        byte[] encoded = key.getEncoded();
        this.id = Hashes.sha256Hex(encoded);
        this.verifier = new Ed25519Verify(Arrays.copyOfRange(encoded, encoded.length - POINT_BYTES, encoded.length));
    }

    static VerifyingKey of(PublicKey key) {
        return new VerifyingKey(key);
    }

    /**
     * Reads a PEM file's text.
     *
     * @param origin the file or object, for messages
     */
    public static VerifyingKey parse(String pem, String origin) {
        return read(pem)
                .orElseThrow(
                        () -> new Failure(
                                FailureKind.KEY_WRONG,
                                "%s is no public Ed25519 key".formatted(origin),
                                "Name a file that begins with -----BEGIN PUBLIC KEY-----, as 'firedrill evidence keys create' makes it."));
    }

    static Optional<VerifyingKey> read(String pem) {
        return Pem.decode(LABEL, pem).flatMap(der -> {
            try {
                var key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
                return Optional.of(new VerifyingKey(key));
            } catch (GeneralSecurityException _) {
                return Optional.empty();
            }
        });
    }

    /** The SHA-256 of the key's SubjectPublicKeyInfo, in hex. */
    public String id() {
        return id;
    }

    public String pem() {
        return Pem.encode(LABEL, key.getEncoded());
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            verifier.verify(signature, message);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
