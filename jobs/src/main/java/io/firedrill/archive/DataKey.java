package io.firedrill.archive;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The secret that the segments of one attempt at a backup are encrypted with, and its name. */
final class DataKey {
    /** Of ciphertext, tag included: Tink's AES256_GCM_HKDF_1MB. */
    static final int PIECE_BYTES = 1 << 20;

    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    private final String id;
    private final byte[] secret;
    private final StreamingAead cipher;

    DataKey(String id, byte[] secret) {
        this.id = id;
        this.secret = secret;
        try {
            this.cipher = new AesGcmHkdfStreaming(secret, "HmacSha256", StoreKey.BYTES, PIECE_BYTES, 0);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalArgumentException("no data key", impossible);
        }
    }

    static DataKey random() {
        var random = new SecureRandom();
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[StoreKey.BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new DataKey(HexFormat.of().formatHex(id), secret);
    }

    /** An id becomes part of a key in the store: it is data, and checked before it is used. */
    static String checkedId(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("not the id of a key");
        }
        return text;
    }

    String id() {
        return id;
    }

    byte[] secret() {
        return secret;
    }

    StreamingAead cipher() {
        return cipher;
    }

    /** Fixes the secret without telling it: AES-GCM alone would decrypt some bytes under several keys. */
    byte[] commitment() {
        return StoreKey.derive(secret, "firedrill/1/commitment");
    }

    /** Nothing that is printed may hold a key. */
    @Override
    public String toString() {
        return "data key " + id;
    }
}
