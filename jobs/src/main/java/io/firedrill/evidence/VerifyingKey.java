package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** A public Ed25519 key, by which anybody can tell who signed. */
public final class VerifyingKey {
    static final String LABEL = "PUBLIC KEY";

    private final PublicKey key;
    private final String id;

    private VerifyingKey(PublicKey key) {
        this.key = key;
        this.id = Hashes.sha256Hex(key.getEncoded());
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
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException _) {
            // Bytes that are no signature at all.
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has Ed25519", impossible);
        }
    }
}
