package io.firedrill.runner;

import io.firedrill.evidence.RunKind;
import io.firedrill.migration.ReleaseLimits;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * @param kind to apply, or to take back
 * @param database null for the one that the tool's own configuration names
 * @param java the program that runs a jar's changes
 * @param applicationUri the variable by which a Spring Boot application is told where to connect
 * @param limits within what it has to keep, such as how old what an apply relies on may be
 * @param repaired by the id of a change why nothing of it is left half done
 * @param receipt the run id of the rehearsal to rely on; empty for the newest of the artefact
 * @param to the last change that stays, where changes are taken back; empty: all but the last one
 * @param recordIn the database for a row of each run; empty for none
 * @param dryRun says whether it would be refused and what would be run, and writes nothing
 */
record ReleaseRequest(
        RunKind kind,
        MigrationsOf of,
        @Nullable String database,
        Path java,
        Optional<String> applicationUri,
        ReleaseLimits limits,
        Map<String, String> repaired,
        Optional<String> receipt,
        Optional<String> to,
        Optional<String> recordIn,
        boolean dryRun) {
    boolean applies() {
        return kind == RunKind.APPLY;
    }
}
