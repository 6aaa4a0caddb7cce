package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill migrations}. */
@Command(
        name = "migrations",
        description = "Migrations of Mongock, migrate-mongo and others: what is pending, and what has gone astray.",
        footer = "  firedrill migrations list --jar target/app.jar --database shop --check")
final class MigrationsCommand extends CommandGroup {}
