package io.firedrill.archive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all jobs of an encrypted store share: it names segments, and encrypts plans, parts and manifests, but no
 * document. Three keys are derived from it by HKDF-SHA256: {@code docs/ARCHIVE_FORMAT.md}.
 */
public final class StoreKey {
    static final int BYTES = 32;

    private static final int FINGERPRINT_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String LABEL = "FIREDRILL STORE KEY";

    private final byte[] addresses;
    private final byte[] catalog;
    private final byte[] nonces;
    private final byte[] fingerprint;

    private StoreKey(byte[] secret) {
        addresses = derive(secret, "firedrill/1/address");
        catalog = derive(secret, "firedrill/1/catalog");
        nonces = derive(secret, "firedrill/1/nonce");
        fingerprint = Arrays.copyOf(derive(secret, "firedrill/1/fingerprint"), FINGERPRINT_BYTES);
    }

    /** A new one, as its file has to be. */
    public static String make() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return Pem.encode(LABEL, secret);
    }

    /**
     * Reads it.
     *
     * @param origin names the file, for messages
     */
    public static StoreKey parse(String pem, String origin) {
        byte[] secret = Pem.decode(LABEL, pem, origin);
        if (secret.length != BYTES) {
            throw Pem.wrong(LABEL, origin, "it holds %d bytes instead of %d".formatted(secret.length, BYTES));
        }
        return new StoreKey(secret);
    }

    /** Tells one store key from another, and nothing about it. */
    public String fingerprint() {
        return HexFormat.of().formatHex(fingerprint);
    }

    /** Where a segment lies: whoever sees the store can neither guess nor confirm what is in it. */
    String address(String sha256) {
        return Digests.hex(mac(addresses, "segment", sha256));
    }

    /** Says that whoever has this key wrote these bytes for this address. */
    byte[] signature(String source, String address, byte[] digest) {
        return mac(addresses, "object", "%s\n%s\n%s".formatted(source, address, Digests.hex(digest)));
    }

    /** Equal bodies for equal keys give equal bytes, so that a repeated write is seen to be one. */
    byte[] seal(byte[] body, String context) {
        byte[] nonce = Arrays.copyOf(mac(nonces, context, Digests.sha256Hex(body)), NONCE_BYTES);
        return ArchiveFile.concat(
                fingerprint,
                nonce,
                crypt(Cipher.ENCRYPT_MODE, nonce, body, context).orElseThrow());
    }

    /** Whether a body was sealed with this key. */
    boolean owns(byte[] sealed) {
        return sealed.length >= FINGERPRINT_BYTES
                && Arrays.equals(fingerprint, 0, FINGERPRINT_BYTES, sealed, 0, FINGERPRINT_BYTES);
    }

    static String fingerprintOf(byte[] sealed) {
        return HexFormat.of().formatHex(sealed, 0, Math.min(FINGERPRINT_BYTES, sealed.length));
    }

    /** Empty where the body was changed, or belongs somewhere else. */
    Optional<byte[]> open(byte[] sealed, String context) {
        int head = FINGERPRINT_BYTES + NONCE_BYTES;
        if (sealed.length < head) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOfRange(sealed, FINGERPRINT_BYTES, head);
        return crypt(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(sealed, head, sealed.length), context);
    }

    private Optional<byte[]> crypt(int mode, byte[] nonce, byte[] bytes, String context) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(catalog, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(bytes));
        } catch (AEADBadTagException changed) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES-GCM", impossible);
        }
    }

    private static byte[] mac(byte[] key, String purpose, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal((purpose + "\n" + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", impossible);
        }
    }

    static byte[] derive(byte[] secret, String label) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .thenExpand(label.getBytes(StandardCharsets.UTF_8), BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("JDK 25 has HKDF", impossible);
        }
    }

    /** Nothing that is printed may hold a key. */
    @Override
    public String toString() {
        return "store key " + fingerprint();
    }
}
