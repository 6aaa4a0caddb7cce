package io.firedrill.restore;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.restore.StagingMarker.Mark;
import io.firedrill.restore.StagingMarker.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides, before the first write, whether a deployment may be restored into. Every refusal is a {@code TARGET_REFUSED};
 * nothing here can be switched off.
 */
public final class StagingGuard {
    private final Set<String> allowed;
    private final Predicate<String> confirmation;

    /**
     * A guard with the operator's rules.
     *
     * @param allowed names of replica sets that may be restored into; empty means any that is confirmed
     * @param confirmation asks whether the operator named this very set
     */
    public StagingGuard(Set<String> allowed, Predicate<String> confirmation) {
        this.allowed = Set.copyOf(allowed);
        this.confirmation = confirmation;
    }

    /** A target as it was found. */
    public record Target(DeploymentIdentity identity, List<String> databases, Optional<Mark> mark) {
        public Target {
            databases = List.copyOf(databases);
        }
    }

    /**
     * Throws unless this run may restore this backup into this target.
     *
     * @param backup what is restored: its source must not know more than the target does
     * @param selection what of the backup is wanted, in words that are equal for equal wishes
     * @param sources everybody ever backed up into the store, and the source as it is now if it answers
     */
    public void check(
            Target target, List<DeploymentIdentity> sources, String runId, RestoreSource backup, String selection) {
        String backupId = backup.manifest().id().value();
        requireNoSource(target.identity(), sources);
        requireAllowed(target.identity().setName());
        requireFeatures(target.identity(), backup.plan().identity(), backupId);
        requireEmptyOrOwn(target, runId, backupId, selection);
        requireConfirmed(target.identity().setName());
    }

    /** What cleaning needs: the same, but that a marker is there instead of emptiness. */
    public void checkForCleaning(Target target, List<DeploymentIdentity> sources) {
        requireNoSource(target.identity(), sources);
        requireAllowed(target.identity().setName());
        requireConfirmed(target.identity().setName());
    }

    /** What any restore into it would be refused for, whoever asks: its confirmation and what it holds of ours aside. */
    public void checkBeforehand(Target target, List<DeploymentIdentity> sources) {
        requireNoSource(target.identity(), sources);
        requireAllowed(target.identity().setName());
        if (target.mark().isEmpty()) {
            requireEmpty(target);
        }
    }

    private static void requireNoSource(DeploymentIdentity target, List<DeploymentIdentity> sources) {
        sources.stream().filter(target::isSameAs).findFirst().ifPresent(source -> {
            throw refused(
                    "staging %s (%s) is the source '%s' (%s)"
                            .formatted(
                                    String.join(",", target.hosts()),
                                    target.setName(),
                                    source.setName(),
                                    String.join(",", source.hosts())),
                    "Point FIREDRILL_STAGING_URI at a deployment that is never backed up; nothing was written.");
        });
    }

    private void requireAllowed(String setName) {
        if (!allowed.isEmpty() && !allowed.contains(setName)) {
            throw refused(
                    "staging '%s' is not among the allowed targets %s".formatted(setName, allowed),
                    "Add it to FIREDRILL_STAGING_ALLOW if it really may be restored into; nothing was written.");
        }
    }

    /** An option that the target does not know would be refused in the middle of the restore; a newer one knows them all. */
    private static void requireFeatures(DeploymentIdentity target, DeploymentIdentity source, String backupId) {
        String needed = source.featureCompatibilityVersion();
        if (target.isOlderThan(needed)) {
            throw refused(
                    "staging '%s' (MongoDB %s) has feature compatibility %s, and the source of backup %s (MongoDB %s) had %s"
                            .formatted(
                                    target.setName(),
                                    target.version(),
                                    target.featureCompatibilityVersion(),
                                    backupId,
                                    source.version(),
                                    needed),
                    "Raise it on staging with setFeatureCompatibilityVersion '%s', or restore into a deployment of MongoDB %s or newer; nothing was written."
                            .formatted(needed, needed));
        }
    }

    private static void requireEmptyOrOwn(Target target, String runId, String backupId, String selection) {
        if (target.mark().isPresent()) {
            requireOwn(target.mark().get(), runId, backupId);
            requireSame(target.mark().get(), selection);
        } else {
            requireEmpty(target);
        }
    }

    private static void requireEmpty(Target target) {
        if (!target.databases().isEmpty()) {
            throw refused(
                    "staging '%s' is not empty: it holds the databases %s"
                            .formatted(target.identity().setName(), target.databases()),
                    "Restore into an empty deployment; Firedrill deletes nothing that it did not restore.");
        }
    }

    /** A ready copy is our own to go on with if its run died before it could say so. */
    private static void requireOwn(Mark mark, String runId, String backupId) {
        if (mark.state() == State.CLEANING
                || !mark.runId().equals(runId)
                || !mark.backupId().equals(backupId)) {
            throw refused(
                    "staging holds backup %s, restored by run %s (%s)"
                            .formatted(mark.backupId(), mark.runId(), mark.state()),
                    "Run 'firedrill staging clean' to drop it, then restore again.");
        }
    }

    /** A run goes on with what it began with: what it loaded before would be taken for what is asked for now. */
    public static void requireSame(Mark mark, String selection) {
        if (!mark.selection().equals(selection)) {
            throw refused(
                    "run %s has begun to restore something else of backup %s: %s instead of %s"
                            .formatted(mark.runId(), mark.backupId(), mark.selection(), selection),
                    "Go on with the --at, --include, --exclude and --rename it began with, or run 'firedrill staging clean' first.");
        }
    }

    private void requireConfirmed(String setName) {
        if (!confirmation.test(setName)) {
            throw refused(
                    "writing into staging '%s' was not confirmed".formatted(setName),
                    "Say its name: --confirm %s.".formatted(setName));
        }
    }

    private static Failure refused(String message, String hint) {
        return new Failure(FailureKind.TARGET_REFUSED, message, hint);
    }
}
