package io.firedrill.runner;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the two commands have in common that write to the database that migrations are meant for. */
final class ReleaseOptions {
    @Option(
            names = "--record-in",
            paramLabel = "DATABASE",
            description =
                    "Write a row of the run into the collection migration_rehearsals of this database on the target.")
    private @Nullable String recordIn;

    @Option(
            names = "--confirm",
            paramLabel = "SET",
            description = "Name of the source's replica set, as proof that you mean it. On a terminal it is asked for.")
    private @Nullable String confirm;

    @Option(names = "--dry-run", description = "Say whether it would be refused, and what would be run.")
    private boolean dryRun;

    Optional<String> recordIn() {
        return Optional.ofNullable(recordIn);
    }

    Optional<String> confirm() {
        return Optional.ofNullable(confirm);
    }

    boolean dryRun() {
        return dryRun;
    }
}
