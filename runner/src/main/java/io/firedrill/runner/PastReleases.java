package io.firedrill.runner;

import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Party;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.ReleaseHistory.Attempt;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What releases have done: by their records, and those that have none yet. */
final class PastReleases {
    /** What the parameters of a run begin with that say of which change nothing half done is left. */
    static final String REPAIRED = "repaired.";

    private final Workspace workspace;
    private final Supplier<Stream<LedgerEntry>> newestFirst;

    /**
     * @param newestFirst records of the ledger; the stream is closed
     */
    PastReleases(Workspace workspace, Supplier<Stream<LedgerEntry>> newestFirst) {
        this.workspace = workspace;
        this.newestFirst = newestFirst;
    }

    /**
     * @param target tells the replica set that is meant: a database of the same name on another one is another
     */
    ReleaseHistory of(Predicate<Target> target) {
        try (Stream<RunRecord> records = newestFirst.get().flatMap(entry -> entry.run().stream())) {
            List<Attempt> recorded = records.filter(PastReleases::isRelease)
                    .filter(record -> target.test(target(record)))
                    .flatMap(record -> record.release().stream()
                            .map(facts -> new Attempt(
                                    record.runId(),
                                    record.is(RunKind.APPLY),
                                    facts,
                                    repaired(record.json().at("/run/parameters").propertyNames()),
                                    record.json().at("/who/executor/host").asString(""))))
                    .toList();
            return new ReleaseHistory(
                    Stream.concat(open(target), recorded.stream()).toList());
        }
    }

    /** A replica set as a record names it. */
    record Target(String name, String replicaSetId) {}

    private static Target target(RunRecord record) {
        JsonNode source = record.json().at("/environment/source");
        return new Target(
                source.path("replicaSet").asString(""),
                source.path("replicaSetId").asString(""));
    }

    private static boolean isRelease(RunRecord record) {
        return record.is(RunKind.APPLY) || record.is(RunKind.ROLLBACK);
    }

    private static boolean isRelease(RunKind kind) {
        return kind == RunKind.APPLY || kind == RunKind.ROLLBACK;
    }

    /** Of a run that is at work now this is what it has done by now. */
    private Stream<Attempt> open(Predicate<Target> target) {
        return RunLog.open(workspace.store(), workspace.clocks()).reversed().stream()
                .filter(run -> isRelease(run.start().kind()))
                .filter(run -> run.sourceParty()
                        .map(PastReleases::target)
                        .filter(target)
                        .isPresent())
                .flatMap(run -> attempt(run).stream());
    }

    private static Target target(Party party) {
        return new Target(party.replicaSet(), party.replicaSetId());
    }

    private static Set<String> repaired(Collection<String> parameters) {
        return parameters.stream()
                .filter(name -> name.startsWith(REPAIRED))
                .map(name -> name.substring(REPAIRED.length()))
                .collect(Collectors.toSet());
    }

    private static Optional<Attempt> attempt(RunLog run) {
        return run.released()
                .map(facts -> new Attempt(
                        run.start().runId(),
                        run.start().kind() == RunKind.APPLY,
                        facts,
                        repaired(run.start().parameters().keySet()),
                        run.start().host()));
    }

    /** The run that was begun under a lease which nobody holds, and has no end. */
    static Optional<Attempt> dead(Workspace workspace, String lease) {
        return RunLog.open(workspace.store(), workspace.clocks()).stream()
                .filter(run -> lease.equals(run.start().parameters().get(RecordedRun.LEASE)))
                .flatMap(run -> attempt(run).stream())
                .findFirst();
    }

    /** What would become of it. */
    static String text(Attempt dead, ReleaseFacts planned) {
        String at = dead.facts().changes().stream()
                .filter(change -> change.begun() && !change.done())
                .findFirst()
                .map(change ->
                        " while '%s' was %s".formatted(change.name(), dead.applying() ? "applied" : "taken back"))
                .orElse("");
        String next = planned.changes().stream()
                .findFirst()
                .map(OfChange::name)
                .map(name -> ", and this one begins with '%s'".formatted(name))
                .orElse("");
        return "run %s ended without a word%s; it would be closed as ABORTED%s".formatted(dead.runId(), at, next);
    }
}
