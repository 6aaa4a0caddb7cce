package io.firedrill.runner;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.VerifyingKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What records say about which backups have been shown to come back, before anything is deleted: every signature is verified. */
final class Proofs {
    private Proofs() {}

    /**
     * The ids of all proven backups, by every ledger of the store: a proof counts wherever it was recorded. With pinned keys, a ledger that
     * none of them signed proves nothing, and is a failure if it is the one that this run writes to.
     */
    static Set<String> provenByAny(Workspace workspace) {
        List<VerifyingKey> roots =
                EvidenceKeys.readPublic(workspace.settings().evidence().roots());
        Set<String> proven = new HashSet<>();
        for (Ledger ledger : Ledger.all(workspace.store(), workspace.clocks())) {
            try {
                ledger.traces(roots).stream().filter(RunTrace::isProof).forEach(run -> proven.add(run.backupId()));
            } catch (Failure untrusted) {
                boolean ours = ledger.id().equals(workspace.settings().ledger());
                if (ours || untrusted.kind() != FailureKind.KEY_WRONG) {
                    throw untrusted;
                }
            }
        }
        return proven;
    }
}
