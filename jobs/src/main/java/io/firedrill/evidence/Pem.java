package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The textual form of a key (RFC 7468). */
final class Pem {
    private static final int COLUMNS = 64;

    private Pem() {}

    static String encode(String label, byte[] der) {
        var base64 = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'});
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, new String(base64.encode(der), StandardCharsets.US_ASCII), label);
    }

    /** The bytes under this label; empty if the text holds no such block. */
    static Optional<byte[]> decode(String label, String text) {
        String lines = "-----BEGIN %s-----\\s+([A-Za-z0-9+/=\\s]+?)\\s+-----END %s-----".formatted(label, label);
        Matcher block = Pattern.compile(lines).matcher(text);
        if (!block.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getMimeDecoder().decode(block.group(1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
