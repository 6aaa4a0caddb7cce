package io.firedrill.runner;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What records say about which backups have been shown to come back. */
final class Proofs {
    private static final Set<RunKind> RESTORES = Set.of(RunKind.RESTORE, RunKind.DRILL);
    private static final Set<Outcome> GOOD = Set.of(Outcome.PASSED, Outcome.WARNED);

    private Proofs() {}

    /** A restore of a part says nothing of the rest of its backup. */
    static boolean isProof(RunRecord record) {
        return RESTORES.contains(record.kind()) && GOOD.contains(record.outcome()) && !record.isPartial();
    }

    /** The ids of all proven backups. */
    static Set<String> provenBy(List<RunRecord> records) {
        Set<String> proven = new HashSet<>();
        records.stream()
                .filter(Proofs::isProof)
                .forEach(record -> record.backupId().ifPresent(proven::add));
        return proven;
    }

    /** The same from every ledger of the store: a proof counts wherever it was recorded, before anything is deleted. */
    static Set<String> provenByAny(Workspace workspace) {
        Set<String> proven = new HashSet<>();
        for (Ledger ledger : Ledger.all(workspace.store(), workspace.clocks())) {
            try (var records = ledger.records()) {
                proven.addAll(provenBy(records.toList()));
            }
        }
        return proven;
    }
}
