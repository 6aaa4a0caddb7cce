package io.firedrill.migration;

import io.firedrill.evidence.Redaction;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hides in whatever a process said the passwords of the connection strings that it was handed; of the strings themselves, and
 * of any other, only the host and the options are left.
 */
final class SecretMask {
    private static final String HIDDEN = "***";
    private static final Pattern PASSWORD = Pattern.compile("mongodb(?:\\+srv)?://[^:/?]*:([^?]*)@.*", Pattern.DOTALL);

    private final List<String> secrets;

    private SecretMask(List<String> secrets) {
        this.secrets = secrets;
    }

    /**
     * @param handed values that the process got; those that are no connection strings hold no secret
     */
    static SecretMask of(Collection<String> handed) {
        return new SecretMask(handed.stream()
                .filter(value -> value.startsWith("mongodb:") || value.startsWith("mongodb+srv:"))
                .flatMap(SecretMask::secrets)
                .distinct()
                .filter(secret -> !secret.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    private static Stream<String> secrets(String uri) {
        Matcher matcher = PASSWORD.matcher(uri);
        return matcher.matches() ? Stream.of(matcher.group(1), decoded(matcher.group(1))) : Stream.empty();
    }

    private static String decoded(String password) {
        try {
            // A plus sign is itself in a connection string.
            return URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return password;
        }
    }

    String hide(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, HIDDEN);
        }
        return Redaction.of(clean);
    }
}
