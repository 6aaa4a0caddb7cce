package io.firedrill.mongo;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which member of a replica set a backup reads from.
 *
 * @param place the primary, a secondary where there is one, or a member by its name
 * @param host the member's {@code host:port}; empty unless it was named
 */
public record ReadFrom(Place place, String host) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+:\\d{1,5}|\\[[0-9A-Fa-f:]+]:\\d{1,5}");

    /** Where to read. */
    public enum Place {
        PRIMARY,
        SECONDARY,
        MEMBER
    }

    public static final ReadFrom PRIMARY = new ReadFrom(Place.PRIMARY, "");
    public static final ReadFrom SECONDARY = new ReadFrom(Place.SECONDARY, "");

    /**
     * Reads it as people write it.
     *
     * @throws IllegalArgumentException where it is neither "primary", "secondary" nor {@code host:port}
     */
    public static ReadFrom of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "primary" -> PRIMARY;
            case "secondary" -> SECONDARY;
            default -> {
                if (!HOST.matcher(text).matches()) {
                    throw new IllegalArgumentException("not a member: '%s'".formatted(text));
                }
                yield new ReadFrom(Place.MEMBER, text);
            }
        };
    }

    @Override
    public String toString() {
        return place == Place.MEMBER ? host : place.name().toLowerCase(Locale.ROOT);
    }
}
