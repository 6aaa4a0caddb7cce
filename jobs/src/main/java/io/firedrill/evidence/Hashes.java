package io.firedrill.evidence;

import io.firedrill.storage.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256, the one hash of the ledger. */
final class Hashes {
    private Hashes() {}

    static byte[] sha256(byte[]... parts) {
        MessageDigest digest = Sha256.begin();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    static String sha256Hex(byte[] bytes) {
        return hex(sha256(bytes));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
