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
 * @param shielded whether it is kept from the signals that a terminal sends to this process
 * @param confined whether it is kept from every server but that one, as far as it can be
 */
public record RunTarget(
        String uri, String database, Duration limit, Map<String, String> stamp, boolean shielded, boolean confined) {
    public RunTarget {
        stamp = Map.copyOf(stamp);
    }

    /** One that a terminal ends together with us. */
    public RunTarget(String uri, String database, Duration limit, Map<String, String> stamp) {
        this(uri, database, limit, stamp, false, false);
    }

    /** The same, for what has to come to its end when we are asked to stop. */
    public RunTarget shield() {
        return new RunTarget(uri, database, limit, stamp, true, confined);
    }

    /** The same, for a copy: whatever it was made to connect to, it reaches nothing else. */
    RunTarget confine() {
        return new RunTarget(uri, database, limit, stamp, shielded, true);
    }

    /** The same by another way. */
    RunTarget by(String way) {
        return new RunTarget(way, database, limit, stamp, shielded, confined);
    }

    @Override
    public String toString() {
        // The connection string holds a password.
        return "database '%s'".formatted(database);
    }
}
