package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** SHA-256 in hexadecimal. */
final class Fingerprint {
    private static final int BUFFER_BYTES = 1 << 16;

    private Fingerprint() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static String of(Path file) {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            var buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s cannot be read: %s".formatted(file, thrown),
                    "Check that the file exists and that this user may read it.",
                    thrown);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of named parts, each by its own digest; the names are part of it. */
    static String of(SortedMap<String, String> parts) {
        var text = new StringBuilder();
        // The length stands before the name, so that no name can be taken for two parts.
        parts.forEach((name, digest) -> text.append(digest)
                .append(' ')
                .append(name.length())
                .append(' ')
                .append(name)
                .append('\n'));
        return of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException thrown) {
            throw new IllegalStateException("every JVM has SHA-256", thrown);
        }
    }
}
