package io.firedrill.migration;

import java.util.List;
import java.util.Map;

/**
 * What an application may have set otherwise than Mongock's defaults.
 *
 * @param defaultAuthor of changes that name none
 * @param packages Mongock's scan packages; empty for all that the jar holds
 */
public record MongockOptions(String changelog, String lockCollection, String defaultAuthor, List<String> packages) {
    public static final String CHANGELOG = "mongockChangeLog";
    public static final String LOCK = "mongockLock";
    public static final String DEFAULT_AUTHOR = "default_author";

    public MongockOptions {
        packages = List.copyOf(packages);
    }

    public static MongockOptions usual() {
        return new MongockOptions(CHANGELOG, LOCK, DEFAULT_AUTHOR, List.of());
    }

    /** What of it says which rows and which changes are meant. */
    Map<String, String> steering() {
        return Map.of(
                "changelog", changelog,
                "lockCollection", lockCollection,
                "defaultAuthor", defaultAuthor,
                "packages", String.join(",", packages));
    }

    boolean scans(String className) {
        return packages.isEmpty()
                || packages.stream().anyMatch(each -> className.equals(each) || className.startsWith(each + "."));
    }
}
