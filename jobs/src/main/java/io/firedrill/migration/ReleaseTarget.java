package io.firedrill.migration;

import io.firedrill.migration.ReleaseHistory.HalfDone;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a release is about to write to, as it was found now.
 *
 * @param backup of the same source, the newest that is sealed; empty if there is none
 * @param history of releases of it
 * @param allOrNothing tells which changes leave nothing when their run breaks off
 */
public record ReleaseTarget(
        Artefact artefact,
        String database,
        Standing standing,
        DeploymentIdentity identity,
        Optional<Sealed> backup,
        ReleaseHistory history,
        Predicate<Change> allOrNothing) {

    /** A sealed backup: when its data stood in which replica set. */
    public record Sealed(String id, Instant recoveryPoint, String replicaSetId) {}

    /** What earlier releases have left half done, but for what leaves nothing. */
    List<HalfDone> halfDone() {
        return history.halfDone(standing).stream()
                .filter(half -> !half.by().applying() || !leavesNothing(half))
                .toList();
    }

    private boolean leavesNothing(HalfDone half) {
        return artefact.changes().stream()
                .anyMatch(change -> allOrNothing.test(change)
                        && change.id().equals(half.change().id())
                        && change.author().equals(half.change().author())
                        && change.codeHash().orElse("").equals(half.change().codeHash()));
    }

    /** Of every change that the code, the tool's rows or an earlier release speak of. */
    public Set<String> ids() {
        return Stream.concat(
                        standing.changes().stream().map(each -> each.change().id()),
                        halfDone().stream().map(half -> half.change().id()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the tool's next run would run nothing. */
    public boolean isUpToDate() {
        return pending().isEmpty();
    }

    /** What the tool's next run would run, in its order. */
    List<JudgedChange> pending() {
        return standing.changes().stream().filter(JudgedChange::willRun).toList();
    }
}
