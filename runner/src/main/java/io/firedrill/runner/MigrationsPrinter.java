package io.firedrill.runner;

/** Writes a list of migrations in one format. */
@FunctionalInterface
interface MigrationsPrinter {
    void print(MigrationsResult result);
}
