package io.firedrill.runner;

import io.firedrill.evidence.KeyHistory;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.RecordIndex;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A look at the ledger for people who want to know how things stand. Which records there are comes from the index on this machine;
 * whatever is called proven is read from the store, and its signature verified.
 */
final class Glance {
    private final Ledger ledger;
    private final List<RunTrace> all;
    private final List<RunTrace> traces;
    private final KeyHistory keys;

    /** @param source whose runs are looked at, with those that tell none; null for all */
    Glance(Workspace workspace, @Nullable String source) {
        Settings settings = workspace.settings();
        this.ledger = workspace.ledger();
        RecordIndex.Contents contents = new RecordIndex(settings.stateDir().resolve("index"), ledger).read();
        this.all = contents.traces();
        this.traces = all.stream()
                .filter(trace -> source == null
                        || trace.source().isEmpty()
                        || trace.source().equals(source))
                .toList();
        this.keys = KeyHistory.of(
                ledger,
                contents.keyChanges(),
                EvidenceKeys.readPublic(settings.evidence().roots()));
    }

    /** What each run tells, the oldest first; enough to look around, and no proof. */
    List<RunTrace> traces() {
        return traces;
    }

    /** Those of every source: a schedule may be of all of them. */
    List<RunTrace> allTraces() {
        return all;
    }

    /** The number of records of any kind. */
    long records() {
        return ledger.newestEntries().findFirst().map(LedgerEntry::seq).orElse(0L);
    }

    /** The newest run of a kind. */
    Optional<RunRecord> newest(RunKind kind) {
        return newest(trace -> trace.kind() == kind);
    }

    /** The newest drills, the newest first. */
    Stream<RunRecord> drills() {
        return traces.reversed().stream()
                .filter(trace -> trace.kind() == RunKind.DRILL)
                .flatMap(trace -> verified(trace).stream());
    }

    /** The newest run that has shown that a whole backup comes back. */
    Optional<RunRecord> newestProof() {
        return newest(RunTrace::isProof).filter(run -> RunTrace.of(run).isProof());
    }

    Optional<RunRecord> newestDrill() {
        return newest(RunKind.DRILL);
    }

    private Optional<RunRecord> newest(Predicate<RunTrace> wanted) {
        return traces.reversed().stream()
                .filter(wanted)
                .flatMap(trace -> verified(trace).stream())
                .findFirst();
    }

    /** Those of all backups that a run has shown to come back; each is proven by one record, which is read and verified. */
    Set<String> proven() {
        var proven = new HashSet<String>();
        for (RunTrace trace : traces.reversed()) {
            if (trace.isProof() && !proven.contains(trace.backupId())) {
                verified(trace)
                        .map(RunTrace::of)
                        .filter(RunTrace::isProof)
                        .ifPresent(truth -> proven.add(truth.backupId()));
            }
        }
        return proven;
    }

    boolean isProven(String backupId) {
        return traces.reversed().stream()
                .filter(trace -> trace.isProof() && trace.backupId().equals(backupId))
                .flatMap(trace -> verified(trace).stream())
                .map(RunTrace::of)
                .anyMatch(truth -> truth.isProof() && truth.backupId().equals(backupId));
    }

    private Optional<RunRecord> verified(RunTrace trace) {
        LedgerEntry entry = ledger.entry(trace.seq());
        return keys.signs(entry) ? entry.run() : Optional.empty();
    }
}
