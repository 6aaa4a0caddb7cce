package io.firedrill.archive;

import io.firedrill.storage.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256, the one digest of the archive. */
public final class Digests {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private Digests() {}

    public static MessageDigest sha256() {
        return Sha256.begin();
    }

    public static String sha256Hex(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    public static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    static boolean isSha256(String text) {
        return HEX.matcher(text).matches();
    }

    /** A digest becomes part of a key: it is data, and checked before it is used. */
    static String checked(String text) {
        if (!isSha256(text)) {
            throw new IllegalArgumentException("not a SHA-256");
        }
        return text;
    }
}
