package io.firedrill.runner;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * @param database null for the one that the tool's own configuration names
 * @param uriFile holds a connection string in place of the source's
 * @param offline without any database: no states
 */
record MigrationsRequest(
        MigrationsOf of,
        @Nullable String database,
        @Nullable Path uriFile,
        boolean offline) {}
