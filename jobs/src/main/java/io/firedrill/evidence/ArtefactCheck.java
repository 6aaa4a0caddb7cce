package io.firedrill.evidence;

import io.firedrill.evidence.SeenEntry.Stated;
import io.firedrill.storage.ObjectKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds the manifests that records cite against the ones in the store; what retention deleted is no fault. */
final class ArtefactCheck {
    private record Cited(String manifest, String sha256, String backupId) {}

    private final Ledger ledger;
    private final Period period;
    private final List<String> notes;

    ArtefactCheck(Ledger ledger, Period period, List<String> notes) {
        this.ledger = ledger;
        this.period = period;
        this.notes = notes;
    }

    Tally of(Collection<SeenEntry> entries) {
        var tally = new Tally("artefacts");
        cited(entries).forEach((cited, seq) -> look(cited, seq, entries, tally));
        return tally;
    }

    private Map<Cited, Long> cited(Collection<SeenEntry> entries) {
        var all = new LinkedHashMap<Cited, Long>();
        for (SeenEntry entry : entries) {
            Optional<Stated> stated = entry.stated();
            if (stated.isPresent() && period.has(stated.get().at())) {
                String manifest = stated.get().text("/backup/manifest");
                if (!manifest.isEmpty()) {
                    var cited = new Cited(
                            manifest,
                            stated.get().text("/backup/manifestSha256"),
                            stated.get().text("/backup/backupId"));
                    all.putIfAbsent(cited, entry.seq());
                }
            }
        }
        return all;
    }

    private void look(Cited cited, long seq, Collection<SeenEntry> entries, Tally tally) {
        Optional<byte[]> bytes;
        try {
            bytes = ledger.files().read(ObjectKey.of(cited.manifest()));
        } catch (IllegalArgumentException _) {
            tally.fault("record " + seq, "cites a manifest whose name is no key");
            return;
        }
        if (bytes.isPresent()) {
            tally.judge(
                    Hashes.sha256Hex(bytes.get()).equals(cited.sha256()),
                    cited.manifest(),
                    "is not what record %d saw".formatted(seq));
            return;
        }
        Optional<Long> prune = entries.stream()
                .filter(entry ->
                        entry.stated().filter(what -> deleted(what, cited)).isPresent())
                .map(SeenEntry::seq)
                .findFirst();
        if (prune.isPresent()) {
            notes.add("%s is gone: record %d says that retention deleted it".formatted(cited.manifest(), prune.get()));
        } else {
            tally.fault(cited.manifest(), "is missing, and no record of this ledger says that retention deleted it");
        }
    }

    private static boolean deleted(Stated stated, Cited cited) {
        return stated.word().equals(RunKind.PRUNE.word())
                && List.of(stated.text("/notes/deleted").split("[, ]+")).contains(cited.backupId());
    }
}
