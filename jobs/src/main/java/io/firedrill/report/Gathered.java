package io.firedrill.report;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a ledger holds of a period, and what it held before that still counts at the period's end; read in one go. */
final class Gathered {
    final List<Run> runs = new ArrayList<>();
    final Approvals approvals = new Approvals();
    final TreeSet<String> keyIds = new TreeSet<>();
    final OpenRisks risks = new OpenRisks();

    private final Map<String, Run> proofs = new HashMap<>();
    private final Map<String, Run> refutations = new HashMap<>();
    private final Map<String, Run> deletions = new HashMap<>();
    private final Period period;
    private @Nullable Run newestProof;

    private Gathered(Period period) {
        this.period = period;
    }

    /** Of the first so many records. A run belongs to the period in which it was recorded, whenever it began. */
    static Gathered of(Ledger ledger, Period period, long size) {
        var gathered = new Gathered(period);
        try (Stream<LedgerEntry> entries = ledger.entries(size)) {
            entries.forEach(gathered::add);
        }
        return gathered;
    }

    private void add(LedgerEntry entry) {
        approvals.add(entry);
        if (entry.at().isBefore(period.until())) {
            entry.run().map(Run::of).ifPresent(this::add);
        }
        if (period.has(entry.at())) {
            keyIds.add(entry.keyId());
        }
    }

    private void add(Run run) {
        if (period.has(run.at())) {
            runs.add(run);
        }
        run.record().rehearsal().ifPresent(facts -> risks.rehearsed(run, facts));
        run.record().backupId().ifPresent(backup -> {
            if (run.isProof()) {
                proofs.put(backup, run);
            }
            if (run.recovers() && run.outcome() == Outcome.FAILED) {
                refutations.put(backup, run);
            }
        });
        if (run.is(RunKind.PRUNE)) {
            run.record().note("deleted").stream()
                    .flatMap(ids -> Stream.of(ids.split("[, ]+")))
                    .forEach(id -> deletions.put(id, run));
        }
        if (run.isProof() && isNewer(run, newestProof)) {
            newestProof = run;
        }
    }

    private static boolean isNewer(Run run, @Nullable Run known) {
        Optional<Instant> point = run.record().consistencyTime();
        return point.isPresent()
                && (known == null
                        || point.get().isAfter(known.record().consistencyTime().orElse(Instant.MIN)));
    }

    /** The recovery of the newest backup that came back by the end of the period. */
    Optional<Run> newestProof() {
        return Optional.ofNullable(newestProof);
    }

    /** The newest recovery of a backup that passed. */
    Optional<Run> proofOf(String backup) {
        return Optional.ofNullable(proofs.get(backup));
    }

    /** The newest recovery of a backup that failed. */
    Optional<Run> refutationOf(String backup) {
        return Optional.ofNullable(refutations.get(backup));
    }

    /** The run of retention that deleted a backup. */
    Optional<Run> deletionOf(String backup) {
        return Optional.ofNullable(deletions.get(backup));
    }

    /** Drills, and the slots in which none ran. */
    List<Run> drills() {
        return of(RunKind.DRILL);
    }

    List<Run> of(RunKind kind) {
        return runs.stream().filter(run -> run.is(kind)).toList();
    }
}
