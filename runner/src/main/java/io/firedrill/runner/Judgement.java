package io.firedrill.runner;

import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Objects;

/** Turns a result that was reached, and shown, but is not good enough into the failure that decides the exit code. */
final class Judgement {
    private Judgement() {}

    static void of(RestoreResult result) {
        if (result.refuted()) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    result.digestsCompared() - result.digestsEqual() + " of " + result.digestsCompared()
                            + " digests differ between backup " + result.backupId() + " and what was restored",
                    "Do not use the restored data; the report " + result.report() + " lists the collections.");
        }
        if (result.rto().missed()) {
            throw new Failure(
                    FailureKind.OBJECTIVE_MISSED,
                    "recovery took " + Figures.seconds(result.rto().actualSeconds()) + ", the target is "
                            + Figures.seconds(
                                    Objects.requireNonNullElse(result.rto().targetSeconds(), 0.0)),
                    "The data is good. The longest phase shows where the time went; more --lanes may help.");
        }
    }

    /** A real run that is refused has failed by itself; a rehearsal ends like it. */
    static void of(PruneResult result) {
        result.backups().stream()
                .filter(line -> line.fate().equals("refuse"))
                .findFirst()
                .ifPresent(line -> {
                    throw new Failure(
                            FailureKind.TARGET_REFUSED,
                            "prune would delete what must stay: " + line.backupId() + " (" + line.reason() + ")",
                            "The run itself would be refused. Prove a newer backup with 'firedrill drill', or keep more.");
                });
    }

    static void of(ArchiveResult result) {
        if (!result.gaps().isEmpty()) {
            ArchiveResult.Gap last = result.gaps().getLast();
            throw new Failure(
                    FailureKind.OPLOG_GAP,
                    "%s in the oplog archive of '%s', the last one %s"
                            .formatted(Figures.count(result.gaps().size(), "gap"), result.source(), last.words()),
                    "Back up now: what is archived after the gap can only be restored upon a backup that is younger than the gap.");
        }
    }

    static void of(EvidenceResult.Verified result) {
        if (!result.verdict().equals("SOUND")) {
            LedgerVerdict.Fault first = result.faults().getFirst();
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "%s in ledger %s, the first: %s %s"
                            .formatted(
                                    Figures.count(result.faults().size(), "fault"),
                                    result.ledger(),
                                    first.object(),
                                    first.problem()),
                    "Keep the store as it is, and find out from its versions, its access log and kept checkpoints what happened.");
        }
    }

    static void of(VerifyResult result) {
        if (!result.damaged().isEmpty()) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    Figures.count(result.damaged().size(), "object") + " of backup " + result.backupId()
                            + " damaged, the first is " + result.damaged().getFirst(),
                    "Make a new backup now, and find out from the store's versions or replicas what became of them.");
        }
    }
}
