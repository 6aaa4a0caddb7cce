package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill migrations}. */
@Command(
        name = "migrations",
        description =
                "Migrations of Mongock, migrate-mongo and others: what is pending, what has gone astray, and what a release would do.",
        footer = {
            "  firedrill migrations list --jar target/app.jar --database shop --check",
            "  firedrill migrations rehearse --jar target/app.jar --database shop",
            "  firedrill migrations apply --jar target/app.jar --database shop --dry-run"
        })
final class MigrationsCommand extends CommandGroup {}
