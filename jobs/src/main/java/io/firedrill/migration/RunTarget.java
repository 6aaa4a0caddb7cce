package io.firedrill.migration;

import java.time.Duration;
import java.util.Map;

/**
 * Where and for how long a tool may be at work.
 *
 * @param uri connection string; it goes into the process by its environment, never by an argument
 * @param database that the changes are for
 * @param limit after which the process is killed
 * @param stamp what the tool writes beside its row, where it can: names and values without secrets
 */
public record RunTarget(String uri, String database, Duration limit, Map<String, String> stamp) {
    public RunTarget {
        stamp = Map.copyOf(stamp);
    }

    @Override
    public String toString() {
        // The connection string holds a password.
        return "database '%s'".formatted(database);
    }
}
