package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/** A private Ed25519 key that signs evidence. It prints as nothing but the name of its public half. */
public final class SigningKey {
    private static final String LABEL = "PRIVATE KEY";

    private final PrivateKey key;
    private final VerifyingKey publicKey;

    private SigningKey(PrivateKey key, VerifyingKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** A new key, of the platform's own randomness. */
    public static SigningKey make() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has Ed25519", impossible);
        }
    }

    /**
     * Reads a PKCS#8 PEM file's text.
     *
     * @param origin the file, for messages; what is in it is never part of one
     */
    public static SigningKey parse(String pem, String origin) {
        return Pem.decode(LABEL, pem)
                .flatMap(SigningKey::read)
                .orElseThrow(() -> new Failure(
                        FailureKind.KEY_WRONG,
                        "%s is no private Ed25519 key in PKCS#8 PEM".formatted(origin),
                        "Make one with 'firedrill evidence keys create' or 'openssl genpkey -algorithm ed25519'."));
    }

    private static Optional<SigningKey> read(byte[] der) {
        try {
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
            var read = new SigningKey(key, publicHalf(key));
            byte[] probe = {1, 2, 3};
            return read.publicKey.verifies(probe, read.sign(probe)) ? Optional.of(read) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    /** A private key file holds a seed, and a key pair is made of a seed: the platform has no shorter way. */
    private static VerifyingKey publicHalf(PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(GeneralSecurityException::new);
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
        return VerifyingKey.of(generator.generateKeyPair().getPublic());
    }

    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    public VerifyingKey publicKey() {
        return publicKey;
    }

    public String id() {
        return publicKey.id();
    }

    /** What goes into the key's file, and nowhere else. */
    public String privatePem() {
        return Pem.encode(LABEL, key.getEncoded());
    }

    byte[] sign(byte[] message) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("an Ed25519 key signs everything", impossible);
        }
    }

    @Override
    public String toString() {
        return "the private key of " + id();
    }
}
