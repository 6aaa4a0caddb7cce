package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as text: {@code -----BEGIN LABEL-----}, base64, {@code -----END LABEL-----}, as {@code openssl} writes them. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int LINE = 64;

    private Pem() {}

    static String encode(String label, byte[] bytes) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
    }

    /**
     * The bytes of the one block in a text.
     *
     * @param origin names the file, for messages; the text itself is never part of one
     */
    static byte[] decode(String label, String text, String origin) {
        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw wrong(label, origin, "it holds no PEM block");
        }
        if (!block.group(1).equals(label)) {
            throw wrong(label, origin, "it holds a %s".formatted(block.group(1)));
        }
        try {
            return Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException damaged) {
            throw wrong(label, origin, "it is cut off or changed");
        }
    }

    static Failure wrong(String label, String origin, String why) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s is not a %s: %s".formatted(origin, label, why),
                "Make keys with 'firedrill keys create --out DIR', or X25519 keys with openssl genpkey.");
    }
}
