package io.firedrill.evidence;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a backup comes back, by all that was recorded of it. This is the one place that says so: status, lists, retention and
 * reports all ask here.
 *
 * <p>The newest run that proved it, or refuted it, decides: a refutation outweighs every older proof, and a newer proof of the
 * whole outweighs that again. That a part came back clears nothing; that a part did not refutes the whole.
 *
 * @param by the run that decided; empty where none did
 */
public record BackupProof(State state, Optional<RunTrace> by) {
    /** Of a backup that no run says anything about. */
    public static final BackupProof NONE = new BackupProof(State.UNPROVEN, Optional.empty());

    /** What is known. */
    public enum State {
        /** All of it came back equal, and nothing newer speaks against it. */
        PROVEN,
        /** Something of it did not come back as it was, or is damaged in the store, and no newer run had all of it back. */
        REFUTED,
        /** Only a part of it came back so far. */
        PARTLY,
        /** Nothing was shown. */
        UNPROVEN
    }

    /**
     * Of every backup that the runs speak of.
     *
     * @param runs whose records were verified, in the order of their ledger
     */
    public static Map<String, BackupProof> of(Collection<RunTrace> runs) {
        var proofs = new HashMap<String, BackupProof>();
        for (RunTrace run : runs) {
            if (!run.backupId().isEmpty()) {
                proofs.merge(run.backupId(), NONE.then(run), (before, _) -> before.then(run));
            }
        }
        return proofs;
    }

    /** What is known once a newer run of this backup is looked at as well. */
    public BackupProof then(RunTrace newer) {
        if (newer.isRefutation()) {
            return new BackupProof(State.REFUTED, Optional.of(newer));
        }
        if (newer.isProof()) {
            return new BackupProof(State.PROVEN, Optional.of(newer));
        }
        return newer.isProofInPart() && !isDecided() ? new BackupProof(State.PARTLY, Optional.of(newer)) : this;
    }

    /** With what another ledger says of the same backup: the later decides, and of two at once the refutation. */
    public BackupProof or(BackupProof other) {
        if (isDecided() != other.isDecided()) {
            return isDecided() ? this : other;
        }
        if (by.isEmpty() || other.by.isEmpty()) {
            return by.isEmpty() ? other : this;
        }
        int later = by.get().at().compareTo(other.by.get().at());
        boolean ours = later > 0 || (later == 0 && state == State.REFUTED);
        return ours ? this : other;
    }

    public boolean isKnown() {
        return state != State.UNPROVEN;
    }

    public boolean isProven() {
        return state == State.PROVEN;
    }

    public boolean isRefuted() {
        return state == State.REFUTED;
    }

    /** Whether no older run can change it any more. */
    public boolean isDecided() {
        return isProven() || isRefuted();
    }
}
