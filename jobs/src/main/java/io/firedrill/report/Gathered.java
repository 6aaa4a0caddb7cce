package io.firedrill.report;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunTrace;
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

    private final Map<String, BackupProof> proofs = new HashMap<>();

    /** The runs that decided what is known of a backup. */
    private final Map<String, Run> judges = new HashMap<>();

    private final Map<String, Run> deletions = new HashMap<>();

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
            judge(backup, run);
            if (run.backsUp() && run.isGood()) {
                sourcesOfBackups.put(backup, run.source());
            }
        });
        if (run.is(RunKind.PRUNE)) {
            run.record().note("deleted").stream()
                    .flatMap(ids -> Stream.of(ids.split("[, ]+")))
                    .forEach(id -> deletions.put(id, run));
        }
    }

    private void judge(String backup, Run run) {
        RunTrace.read(run.record())
                .map(proofOf(backup)::then)
                .filter(after -> !after.equals(proofOf(backup)))
                .ifPresent(after -> {
                    proofs.put(backup, after);
                    judges.put(backup, run);
                });
    }

    /** The recoveries that proved a backup which nothing has refuted since. */
    private Stream<Run> proven() {
        return judges.entrySet().stream()
                .filter(each -> proofOf(each.getKey()).isProven())
                .map(Map.Entry::getValue);
    }

    private static Instant point(Run run) {
        return run.record().consistencyTime().orElse(Instant.MIN);
    }

    /** What is known of whether a backup comes back. */
    BackupProof proofOf(String backup) {
        return proofs.getOrDefault(backup, BackupProof.NONE);
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
                proven().filter(run -> only || run.source().equals(name)).max(Comparator.comparing(Gathered::point)));
    }
}
