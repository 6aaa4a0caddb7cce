package io.firedrill.report;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a ledger holds of a period, and what it held before that still counts at the period's end; read in one go. */
final class Gathered {
    final List<Run> runs = new ArrayList<>();
    final Approvals approvals = new Approvals();
    final TreeSet<String> keyIds = new TreeSet<>();
    final OpenRisks risks = new OpenRisks();
    final List<Slot.Name> unrecorded;

    private final Map<String, Run> proofs = new HashMap<>();
    private final Map<String, Run> refutations = new HashMap<>();
    private final Map<String, Run> deletions = new HashMap<>();

    /** By the name of the source, as all that follow. */
    private final Map<String, Run> newestProofs = new HashMap<>();

    private final Map<String, String> sourcesOfBackups = new HashMap<>();
    private final Period period;

    private Gathered(Period period, List<Slot.Name> unrecorded) {
        this.period = period;
        this.unrecorded =
                unrecorded.stream().filter(slot -> period.has(slot.due())).toList();
    }

    /**
     * Of the first so many records. A run belongs to the period in which it was recorded, whenever it began; one that was missed
     * to that in which it was due, whenever somebody put that on record.
     *
     * @param unrecorded what was missed and has no record, in whatever period
     */
    static Gathered of(Ledger ledger, Period period, long size, List<Slot.Name> unrecorded) {
        var gathered = new Gathered(period, unrecorded);
        try (Stream<LedgerEntry> entries = ledger.entries(size)) {
            entries.forEach(gathered::add);
        }
        gathered.runs.sort(Comparator.comparing(Run::at));
        return gathered;
    }

    private void add(LedgerEntry entry) {
        approvals.add(entry);
        entry.run()
                .map(Run::of)
                .filter(run -> run.at().isBefore(period.until()))
                .ifPresent(this::add);
        if (period.has(entry.at())) {
            keyIds.add(entry.keyId());
        }
    }

    private void add(Run run) {
        if (period.has(run.at())) {
            runs.add(run);
            keyIds.add(run.record().entry().keyId());
        }
        run.record().rehearsal().ifPresent(facts -> risks.rehearsed(run, facts));
        run.record().backupId().ifPresent(backup -> {
            if (run.isProof()) {
                proofs.put(backup, run);
            }
            if (run.recovers() && run.outcome() == Outcome.FAILED) {
                refutations.put(backup, run);
            }
            if (run.backsUp() && run.isGood()) {
                sourcesOfBackups.put(backup, run.source());
            }
        });
        if (run.is(RunKind.PRUNE)) {
            run.record().note("deleted").stream()
                    .flatMap(ids -> Stream.of(ids.split("[, ]+")))
                    .forEach(id -> deletions.put(id, run));
        }
        if (run.isProof()) {
            newestProofs.merge(run.source(), run, (known, other) -> isNewer(other, known) ? other : known);
        }
    }

    private static boolean isNewer(Run run, Run known) {
        return point(run).isAfter(point(known));
    }

    private static Instant point(Run run) {
        return run.record().consistencyTime().orElse(Instant.MIN);
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

    /**
     * What there is of each source: of those with a run or a slot in the period, and of those with a backup that retention has not
     * deleted, for of these nothing is told by silence. One share of everything where there are not two names.
     */
    List<Share> shares() {
        SortedSet<String> names = names();
        return names.size() < 2
                ? List.of(share(names.isEmpty() ? "" : names.first(), true))
                : names.stream().map(name -> share(name, false)).toList();
    }

    private SortedSet<String> names() {
        var names = new TreeSet<String>();
        runs.forEach(run -> names.add(run.source()));
        unrecorded.forEach(slot -> names.add(slot.source()));
        sourcesOfBackups.forEach((backup, source) -> {
            if (!deletions.containsKey(backup)) {
                names.add(source);
            }
        });
        names.remove("");
        return names;
    }

    /** What tells no source counts against each, and proves none. */
    private Share share(String name, boolean only) {
        return new Share(
                name,
                runs.stream()
                        .filter(run -> only
                                || run.source().equals(name)
                                || (run.source().isEmpty() && !run.isGood()))
                        .toList(),
                unrecorded.stream()
                        .filter(slot ->
                                only || slot.source().isEmpty() || slot.source().equals(name))
                        .toList(),
                risks.list().stream()
                        .filter(risk ->
                                only || risk.source().isEmpty() || risk.source().equals(name))
                        .toList(),
                only
                        ? newestProofs.values().stream().max(Comparator.comparing(Gathered::point))
                        : Optional.ofNullable(newestProofs.get(name)));
    }
}
