package io.firedrill.evidence;

import com.google.crypto.tink.subtle.Ed25519Verify;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A public Ed25519 key, by which anybody can tell who signed. A few signatures are verified with the JDK, and many with Tink: it takes
 * a third of the time for each, but a fifth of a second of the processor to begin with (docs/MEASURED.md). A run looks at a
 * signature or two; a ledger has one for every run there ever was, and one for every checkpoint.
 */
public final class VerifyingKey {
    static final String LABEL = "PUBLIC KEY";
    /** Of the point, at the end of a SubjectPublicKeyInfo (RFC 8410). */
    private static final int POINT_BYTES = 32;
    /** How many signatures have to be asked about before Tink has paid off. */
    private static final int FEW = 200;

    private static final AtomicLong ASKED = new AtomicLong();

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
            return ASKED.incrementAndGet() > FEW
                    ? verifiesByTink(message, signature)
                    : verifiesByJdk(message, signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private boolean verifiesByJdk(byte[] message, byte[] signature) throws GeneralSecurityException {
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    private boolean verifiesByTink(byte[] message, byte[] signature) throws GeneralSecurityException {
        byte[] encoded = key.getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - POINT_BYTES, encoded.length);
        new Ed25519Verify(point).verify(signature, message);
        return true;
    }
}
