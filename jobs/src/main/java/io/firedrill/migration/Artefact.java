package io.firedrill.migration;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a migration tool would work from.
 *
 * @param tool {@code mongock}, {@code migrate-mongo}, {@code command} or {@code flamingock}
 * @param version of the tool, where the artefact tells it
 * @param location of the jar, the project or the command, for messages
 * @param digest SHA-256 of what would be run; empty where there is nothing to hash
 * @param changes in the order in which the tool runs them
 * @param findings about the whole; those about one change are with it
 * @param options what steers which rows and which changes the tool means, such as the name of its changelog
 */
public record Artefact(
        String tool,
        Optional<String> version,
        String location,
        Optional<String> digest,
        List<Change> changes,
        List<Finding> findings,
        Map<String, String> options) {
    public static final String MONGOCK = "mongock";
    public static final String MIGRATE_MONGO = "migrate-mongo";
    public static final String COMMAND = "command";
    public static final String FLAMINGOCK = "flamingock";

    public Artefact {
        changes = List.copyOf(changes);
        findings = List.copyOf(findings);
        options = Map.copyOf(options);
    }

    /** One that nothing steers. */
    public Artefact(
            String tool,
            Optional<String> version,
            String location,
            Optional<String> digest,
            List<Change> changes,
            List<Finding> findings) {
        this(tool, version, location, digest, changes, findings, Map.of());
    }
}
