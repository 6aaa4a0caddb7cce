package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.Testimony;
import io.firedrill.evidence.VerifyingKey;
import io.firedrill.retention.KnownBackup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the records of every ledger of a store say about which backups come back, before anything is deleted: every signature is
 * verified. What could not be trusted or read proves nothing, and may have been the proof of something all the same: so it keeps what it
 * may speak of.
 */
final class Proofs {
    private final List<Testimony> told;

    private Proofs(List<Testimony> told) {
        this.told = told;
    }

    /** Fails if the ledger that this run writes to is signed by none of the keys that were pinned. */
    static Proofs of(Workspace workspace) {
        List<VerifyingKey> roots =
                EvidenceKeys.readPublic(workspace.settings().evidence().roots());
        var told = new ArrayList<Testimony>();
        for (Ledger ledger : Ledger.all(workspace.store(), workspace.clocks())) {
            boolean ours = ledger.id().equals(workspace.settings().ledger());
            Testimony testimony = ledger.testimony(roots);
            if (ours) {
                testimony.requireTrusted();
            }
            told.add(testimony);
        }
        return new Proofs(told);
    }

    /** Of each backup whether it comes back, by all ledgers together. */
    private Map<String, BackupProof> proofs(Function<Testimony, List<RunTrace>> of) {
        var proofs = new HashMap<String, BackupProof>();
        told.forEach(each -> BackupProof.of(of.apply(each))
                .forEach((backup, proof) -> proofs.merge(backup, proof, BackupProof::or)));
        return proofs;
    }

    /** The backups of a source, each with what is known of it, and what cannot be known. */
    List<KnownBackup> known(BackupCatalog catalog) {
        List<BackupId> sealed =
                catalog.ids().reversed().stream().filter(catalog::isSealed).toList();
        Set<BackupId> proven = proven(sealed, Testimony::sound);
        return KnownBackup.of(catalog, proven, doubts(sealed, proven));
    }

    private Set<BackupId> proven(List<BackupId> ids, Function<Testimony, List<RunTrace>> of) {
        Map<String, BackupProof> proofs = proofs(of);
        return ids.stream()
                .filter(id -> proofs.getOrDefault(id.value(), BackupProof.NONE).isProven())
                .collect(Collectors.toSet());
    }

    /** Why a backup may be the last proven one, although it does not count as that. */
    private Map<BackupId, String> doubts(List<BackupId> newestFirst, Set<BackupId> proven) {
        var doubts = new HashMap<BackupId, String>();
        Optional<BackupId> counts =
                newestFirst.stream().filter(proven::contains).findFirst();
        Set<BackupId> claimed = proven(newestFirst, Testimony::claimed);
        newestFirst.stream()
                .filter(claimed::contains)
                .findFirst()
                .filter(id -> !counts.equals(Optional.of(id)))
                .ifPresent(id -> doubts.put(id, "may be the last proven backup: " + untrusted()));
        told.stream()
                .flatMap(each -> each.unread().stream())
                .forEach(unread -> newestFirst.stream()
                        .takeWhile(id -> !counts.equals(Optional.of(id)))
                        .filter(id -> !id.moment().isAfter(unread.until()))
                        .forEach(id -> doubts.putIfAbsent(
                                id,
                                "may be the last proven backup: the record %s cannot be read"
                                        .formatted(unread.key()))));
        return doubts;
    }

    /** What speaks of backups, and does not count. */
    private String untrusted() {
        String ledgers = told.stream()
                .filter(each -> !each.trusted())
                .map(Testimony::ledger)
                .collect(Collectors.joining(", "));
        return ledgers.isEmpty()
                ? "a record that says so is not signed as it should be"
                : "ledger %s says so, and none of evidence-roots signed it".formatted(ledgers);
    }

    /** What was left out of account, in words. */
    List<String> uncounted() {
        Stream<String> ledgers = told.stream()
                .filter(each -> !each.trusted())
                .map(each -> "ledger %s: signed by none of evidence-roots".formatted(each.ledger()));
        Stream<String> records = told.stream()
                .flatMap(each -> each.unread().stream())
                .map(each -> "record %s: cannot be read".formatted(each.key()));
        return Stream.concat(ledgers, records).toList();
    }
}
