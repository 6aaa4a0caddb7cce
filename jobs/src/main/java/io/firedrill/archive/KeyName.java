package io.firedrill.archive;

import java.util.Map;

/**
 * Which data key a wrap holds. A wrap is bound to it: elsewhere it does not open.
 *
 * @param source whose backups the key encrypts
 * @param id 16 hex digits
 */
record KeyName(String source, String id) {
    /** For HPKE. */
    String label() {
        return "firedrill/1/key\n%s\n%s".formatted(source, id);
    }

    /** For a key service; names are such that a policy can ask for the source. */
    Map<String, String> context() {
        return Map.of("firedrill", "1/key", "firedrill-source", source, "firedrill-key", id);
    }
}
