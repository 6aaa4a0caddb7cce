package io.firedrill.runner;

import io.firedrill.evidence.EntryKind;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.VerifiedEntries;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as a release goes by it: a receipt is worth what the ledger around it is worth, so all of it is verified, as
 * 'evidence verify' does, and what is read of it are the bytes that were verified.
 */
final class SoundLedger {
    private final Workspace workspace;
    private final Notices notices;
    private long size;
    private @Nullable VerifiedEntries verified;

    SoundLedger(Workspace workspace, Notices notices) {
        this.workspace = workspace;
        this.notices = notices;
    }

    /** In whom one trusts who trusts it. */
    String trust() {
        return EvidenceResult.Verified.of(verified().verdict()).trust();
    }

    /** Rehearsals, releases, and what was said of runs, the newest first. */
    List<LedgerEntry> newestFirst() {
        return verified().newestFirst();
    }

    /** Once for as long as nothing is added: a rejection may come while somebody is asked. */
    private VerifiedEntries verified() {
        long now = workspace.ledger().size();
        VerifiedEntries known = verified;
        if (known == null || now != size) {
            known = VerifiedEntries.read(
                    new EvidenceDesk(workspace, notices).verification(Period.ALWAYS, List.of(), List.of(), false),
                    SoundLedger::concerns);
            requireSound(known.verdict());
            verified = known;
            size = now;
        }
        return known;
    }

    private static boolean concerns(LedgerEntry entry) {
        return entry.kind() == EntryKind.APPROVAL
                || entry.run()
                        .filter(run -> run.is(RunKind.REHEARSAL) || run.is(RunKind.APPLY) || run.is(RunKind.ROLLBACK))
                        .isPresent();
    }

    private static void requireSound(LedgerVerdict verdict) {
        EvidenceResult.Verified told = EvidenceResult.Verified.of(verdict);
        if (!told.verdict().equals("SOUND")) {
            LedgerVerdict.Fault first = told.faults().getFirst();
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "the ledger %s is not sound, so no receipt in it counts: %s %s"
                            .formatted(told.ledger(), first.object(), first.problem()),
                    "Run 'firedrill evidence verify', and find out what happened. Nothing was written.");
        }
    }
}
