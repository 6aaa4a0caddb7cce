package io.firedrill.migration;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of a migrate-mongo configuration says where migrations lie and what is written of them; never its connection string.
 *
 * @param directory of the migrations, relative to the project
 * @param extension with its dot
 * @param lockCollection empty where there is none, so no lock either
 * @param lockTtl in seconds; 0 means no lock, empty a lock that never expires
 * @param database empty where it is that of the connection string
 */
public record ProjectConfig(
        String directory,
        String extension,
        String changelog,
        Optional<String> lockCollection,
        OptionalLong lockTtl,
        boolean useFileHash,
        Optional<String> database) {
    public static final String DIRECTORY = "migrations";
    public static final String EXTENSION = ".js";
    public static final String CHANGELOG = "changelog";
    public static final String LOCK = "changelog_lock";

    /** What of it says which rows are meant; which files are is told by their digest. */
    Map<String, String> steering() {
        return Map.of(
                "changelog",
                changelog,
                "lockCollection",
                lockCollection.orElse(""),
                "lockTtl",
                lockTtl.isPresent() ? Long.toString(lockTtl.getAsLong()) : "",
                "useFileHash",
                Boolean.toString(useFileHash));
    }

    /** Whether two runs at once keep out of each other's way. */
    boolean locks() {
        return lockCollection.isPresent() && lockTtl.orElse(1) > 0;
    }
}
