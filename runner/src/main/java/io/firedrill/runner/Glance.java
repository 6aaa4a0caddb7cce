package io.firedrill.runner;

import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.KeyHistory;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RecordIndex;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A look at the ledger for people who want to know how things stand. Which records there are comes from the index on this machine;
 * whatever is called proven or refuted is read from the store, and its signature verified.
 */
final class Glance {
    private final Ledger ledger;
    private final KeyHistory keys;
    private final List<RunTrace> all;
    private final List<RunTrace> traces;

    /** What the runs say of each backup, the oldest first. */
    private final Map<String, List<RunTrace>> byBackup;

    private final Map<String, BackupProof> proofs;
    private final Map<Long, String> uncounted;

    Glance(Workspace workspace) {
        Settings settings = workspace.settings();
        this.ledger = workspace.ledger();
        RecordIndex.Contents contents = new RecordIndex(settings.stateDir().resolve("index"), ledger).read();
        this.all = contents.traces();
        this.traces = all;
        this.proofs = new HashMap<>();
        this.uncounted = new TreeMap<>();
        this.byBackup = all.stream().filter(RunTrace::judgesBackup).collect(Collectors.groupingBy(RunTrace::backupId));
        this.keys = KeyHistory.of(
                ledger,
                contents.keyChanges(),
                EvidenceKeys.readPublic(settings.evidence().roots()));
        contents.uncounted().forEach(each -> uncounted.put(each.seq(), each.why()));
    }

    private Glance(Glance whole, List<RunTrace> traces) {
        this.ledger = whole.ledger;
        this.keys = whole.keys;
        this.all = whole.all;
        this.traces = traces;
        this.byBackup = whole.byBackup;
        this.proofs = whole.proofs;
        this.uncounted = whole.uncounted;
    }

    /**
     * The runs of one source.
     *
     * @param only whether there is no other; of several, a run that tells no source counts against each, and is to the credit of none
     */
    Glance of(String source, boolean only) {
        return new Glance(
                this,
                all.stream()
                        .filter(trace -> trace.source().equals(source)
                                || (trace.source().isEmpty() && (only || !trace.isGood())))
                        .toList());
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

    /** Records that count for nothing, as far as they were looked at, by their number: why. */
    Map<Long, String> uncounted() {
        return uncounted;
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

    /** The newest run that has shown that a whole backup comes back, and that none has refuted since. */
    Optional<RunRecord> newestProof() {
        return newest(trace -> trace.isProof()
                && proof(trace.backupId())
                        .by()
                        .filter(by -> by.seq() == trace.seq() && by.isProof())
                        .isPresent());
    }

    /** The newest drill; one of a part that came back says too little to stand before another. */
    Optional<RunRecord> newestDrill() {
        return newest(trace -> trace.kind() == RunKind.DRILL && !(trace.partial() && trace.isGood()))
                .or(() -> newest(RunKind.DRILL));
    }

    /** The newest run of a kind that failed, unless a newer one was good and of the whole: others clear nothing. */
    Optional<RunTrace> standingFailure(RunKind kind) {
        return traces.reversed().stream()
                .filter(trace -> trace.kind() == kind)
                .filter(trace -> isFailed(trace) || (trace.isGood() && !trace.partial()))
                .findFirst()
                .filter(Glance::isFailed);
    }

    private static boolean isFailed(RunTrace trace) {
        return trace.outcome().equals(Optional.of(Outcome.FAILED));
    }

    private Optional<RunRecord> newest(Predicate<RunTrace> wanted) {
        return traces.reversed().stream()
                .filter(wanted)
                .flatMap(trace -> verified(trace).stream())
                .findFirst();
    }

    /** What is known of a backup, by the records that decide it: these are read and verified. */
    BackupProof proof(String backupId) {
        return proofs.computeIfAbsent(backupId, this::judged);
    }

    /** Whether a run said once that it does not come back, whatever was shown since; that is told without a look at the store. */
    boolean wasRefuted(String backupId) {
        return byBackup.getOrDefault(backupId, List.of()).stream().anyMatch(RunTrace::isRefutation);
    }

    private BackupProof judged(String backupId) {
        List<RunTrace> newestFirst = byBackup.getOrDefault(backupId, List.of()).reversed();
        BackupProof part = BackupProof.NONE;
        for (RunTrace run : newestFirst) {
            Optional<BackupProof> truth = verified(run)
                    .flatMap(RunTrace::read)
                    .filter(read -> read.backupId().equals(backupId))
                    .map(BackupProof.NONE::then);
            // Its signature held when the index was made: whatever it is that was spoilt since, it does not leave an
            // older proof standing.
            if (truth.isEmpty() && run.isRefutation()) {
                return BackupProof.NONE;
            }
            if (truth.filter(BackupProof::isDecided).isPresent()) {
                return truth.get();
            }
            part = part.isKnown() ? part : truth.orElse(part);
        }
        return part;
    }

    private Optional<RunRecord> verified(RunTrace trace) {
        LedgerEntry entry = ledger.entry(trace.seq());
        if (keys.signs(entry)) {
            return entry.run();
        }
        uncounted.put(trace.seq(), "is not signed with the key that was in force, or does not stand in its place");
        return Optional.empty();
    }
}
