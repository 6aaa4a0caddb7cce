package io.firedrill.migration;

import io.firedrill.mongo.DeploymentIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a release is about to write to, as it was found now.
 *
 * @param backup of the same source, the newest that is sealed; empty if there is none
 */
public record ReleaseTarget(
        Artefact artefact, String database, Standing standing, DeploymentIdentity identity, Optional<Sealed> backup) {

    /** A sealed backup: when its data stood in which replica set. */
    public record Sealed(String id, Instant recoveryPoint, String replicaSetId) {}

    /** Whether the tool's next run would run nothing. */
    public boolean isUpToDate() {
        return pending().isEmpty();
    }

    /** What the tool's next run would run, in its order. */
    List<JudgedChange> pending() {
        return standing.changes().stream().filter(JudgedChange::willRun).toList();
    }
}
