package io.firedrill.runner;

import io.firedrill.migration.CommandOptions;
import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.NodeOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where migrations come from. */
sealed interface MigrationsOf {
    /** A jar with Mongock's changes. */
    record Jar(Path file, MongockOptions options) implements MigrationsOf {}

    /** A migrate-mongo project. */
    record Project(NodeOptions options) implements MigrationsOf {}

    /**
     * Flamingock's audit log, which is listed and no more.
     *
     * @param log the collection of the log
     * @param lock that of the locks
     */
    record AuditLog(String log, String lock) implements MigrationsOf {}

    /**
     * A command that lists them.
     *
     * @param uriVariable the environment variable in which it gets the connection string; null for none
     */
    record Command(CommandOptions options, @Nullable String uriVariable) implements MigrationsOf {}
}
