package io.firedrill.runner;

import io.firedrill.migration.RehearsalOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * @param database null for the one that the tool's own configuration names
 * @param backup id of the backup to rehearse on, or {@code latest}
 * @param java the program that runs a jar's changes
 * @param applicationUri the variable by which a Spring Boot application is told where to connect
 * @param reachable hosts that an application may reach beside the copy
 * @param dryRun says what would be rehearsed, and restores nothing
 */
record RehearseRequest(
        MigrationsOf of,
        @Nullable String database,
        String backup,
        Path java,
        Optional<String> applicationUri,
        List<String> reachable,
        RehearsalOptions options,
        boolean dryRun) {}
