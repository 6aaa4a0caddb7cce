package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Collects what a run notes, from any thread. */
final class FactSheet {
    private @Nullable Party source;
    private @Nullable Party target;
    private boolean targetEmptyBefore;
    private @Nullable BackupFacts backup;
    private Facts.@Nullable Disposal disposal;
    private Facts.@Nullable Ready ready;
    private @Nullable Scope scope;
    private @Nullable RecoveryPoint point;
    private @Nullable RehearsalFacts rehearsal;
    private @Nullable ReleaseFacts release;
    private final List<Check> earlierChecks;
    private final List<Check> checks = new ArrayList<>();
    private final Map<String, CollectionFact> collections = new LinkedHashMap<>();
    private final Map<String, String> excluded;
    private final SequencedSet<String> notTested;
    private final Map<String, String> notes;

    FactSheet(Facts earlier) {
        source = earlier.source().orElse(null);
        target = earlier.target().orElse(null);
        targetEmptyBefore = earlier.targetEmptyBefore();
        backup = earlier.backup().orElse(null);
        disposal = earlier.disposal().orElse(null);
        ready = earlier.ready().orElse(null);
        scope = earlier.scope().orElse(null);
        point = earlier.point().orElse(null);
        rehearsal = earlier.rehearsal().orElse(null);
        release = earlier.release().orElse(null);
        earlierChecks = new ArrayList<>(earlier.checks());
        earlier.collections().forEach(this::collection);
        excluded = new LinkedHashMap<>(earlier.excluded());
        notTested = new LinkedHashSet<>(earlier.notTested());
        notes = new LinkedHashMap<>(earlier.notes());
    }

    synchronized Facts facts() {
        var allChecks = new ArrayList<>(earlierChecks);
        allChecks.addAll(checks);
        return new Facts(
                Optional.ofNullable(source),
                Optional.ofNullable(target),
                targetEmptyBefore,
                Optional.ofNullable(backup),
                List.copyOf(allChecks),
                List.copyOf(collections.values()),
                new LinkedHashMap<>(excluded),
                List.copyOf(notTested),
                new LinkedHashMap<>(notes),
                Optional.ofNullable(disposal),
                Optional.ofNullable(ready),
                Optional.ofNullable(scope),
                Optional.ofNullable(point),
                Optional.ofNullable(rehearsal),
                Optional.ofNullable(release));
    }

    synchronized void source(Party party) {
        source = party;
    }

    /** Only the attempt that found the target first saw it untouched; a later one finds what we wrote ourselves. */
    synchronized void target(Party party, boolean emptyBefore) {
        targetEmptyBefore = target == null ? emptyBefore : targetEmptyBefore || emptyBefore;
        target = party;
    }

    synchronized void backup(BackupFacts facts) {
        backup = facts;
    }

    /** A check made again by a later attempt replaces the earlier one; within an attempt nothing is replaced. */
    synchronized void check(Check check) {
        earlierChecks.removeIf(earlier -> earlier.id().equals(check.id()));
        checks.add(check);
    }

    synchronized void collection(CollectionFact fact) {
        collections.put(fact.namespace(), fact);
    }

    synchronized void exclude(String namespace, String reason) {
        excluded.put(namespace, reason);
    }

    synchronized void notTested(String what) {
        notTested.add(what);
    }

    synchronized void note(String name, String value) {
        notes.put(name, value);
    }

    synchronized void scope(Scope wanted) {
        scope = wanted;
    }

    synchronized void point(RecoveryPoint wanted) {
        point = wanted;
    }

    synchronized void rehearsal(RehearsalFacts found) {
        rehearsal = found;
    }

    synchronized void release(ReleaseFacts done) {
        release = done;
    }

    synchronized void disposal(Facts.Disposal how) {
        disposal = how;
    }

    synchronized void ready(Facts.Ready moment) {
        ready = moment;
    }
}
