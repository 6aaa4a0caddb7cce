package io.firedrill.runner;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads speeds as people write them: {@code 50MB/s}, {@code 800kB/s}; decimal units, as for disks and networks. */
final class Speeds {
    private static final Pattern PEOPLE = Pattern.compile("(\\d{1,6})([kMG])B/s");
    private static final Map<String, Long> UNITS = Map.of("k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L);

    private Speeds() {}

    /** Bytes per second, or nothing if the text is no speed or is zero. */
    static Optional<Long> parse(String text) {
        Matcher matcher = PEOPLE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0L);
        return bytes > 0 ? Optional.of(bytes) : Optional.empty();
    }
}
