package io.firedrill.runner;

import io.firedrill.doctor.Finding;
import io.firedrill.doctor.Finding.State;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.ChangeState;
import io.firedrill.readiness.Board;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a result that was reached, and shown, but is not good enough into the failure that decides the exit code. */
final class Judgement {
    private static final int NAMES_MAX = 10;

    /** What the doctor may end with, the worst first: what a retry may mend comes last. */
    static final List<ExitCode> OF_DOCTOR = List.of(
            ExitCode.USAGE,
            ExitCode.KEY,
            ExitCode.ACCESS_DENIED,
            ExitCode.REFUSED,
            ExitCode.BACKUP_DAMAGED,
            ExitCode.UNAVAILABLE);

    private Judgement() {}

    /** @param strict whether a warning counts like a failure, and what nobody could look at like a warning */
    static void of(List<Finding> findings, boolean strict) {
        List<Finding> bad = findings.stream()
                .filter(each -> strict ? each.state() != State.OK : each.state() == State.FAIL)
                .sorted(Comparator.comparingInt(Judgement::rank).thenComparing(each -> each.state() == State.SKIPPED))
                .toList();
        if (!bad.isEmpty()) {
            throw new Failure(
                    bad.getFirst().kind().orElseThrow(),
                    "%s: %s"
                            .formatted(
                                    Figures.count(bad.size(), "check") + " came out badly",
                                    names(bad.stream()
                                            .map(each -> each.subject() + " "
                                                    + each.check().id())
                                            .toList())),
                    bad.getFirst().state() == State.SKIPPED
                            ? "What is not looked at is not proven: let it be looked at, or look without --strict."
                            : bad.getFirst().hint());
        }
    }

    /** @param strict whether a warning counts like a failure */
    static void of(SecretsResult result, boolean strict) {
        List<SecretsResult.Line> bad = new ArrayList<>(result.in(SecretsResult.State.FAIL));
        if (strict) {
            bad.addAll(result.in(SecretsResult.State.WARN));
        }
        if (!bad.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s not as it should be: %s"
                            .formatted(
                                    Figures.count(bad.size(), "secret"),
                                    names(bad.stream()
                                            .map(SecretsResult.Line::name)
                                            .toList())),
                    bad.getFirst().hint());
        }
    }

    private static int rank(Finding finding) {
        int rank = OF_DOCTOR.indexOf(ExitCode.of(finding.kind().orElseThrow()));
        // One that nobody thought of is no reason to try again.
        return rank < 0 ? OF_DOCTOR.indexOf(ExitCode.UNAVAILABLE) - 1 : rank;
    }

    static void of(RestoreResult result) {
        if (result.refuted()) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    result.digestsCompared() - result.digestsEqual() + " of " + result.digestsCompared()
                            + " digests differ between backup " + result.backupId() + " and what was restored",
                    "Do not use the restored data; the report " + result.report() + " lists the collections.");
        }
        objectives(result);
    }

    /** Both at once: an operator who mends the one shall not learn of the other by the next run. */
    private static void objectives(RestoreResult result) {
        List<String> missed = new ArrayList<>();
        List<String> hints = new ArrayList<>(List.of("The data is good."));
        if (result.rto().missed()) {
            missed.add("recovery took "
                    + against(result.rto().actualSeconds(), result.rto().targetSeconds()));
            hints.add("The longest phase shows where the time went; more --lanes may help.");
        }
        Rpo rpo = result.rpo();
        if (rpo != null && rpo.missed()) {
            missed.add("the recovery point is as old as " + against(rpo.actualSeconds(), rpo.targetSeconds()));
            hints.add("Back up more often, or archive the oplog and restore with --at latest.");
        }
        if (!missed.isEmpty()) {
            throw new Failure(FailureKind.OBJECTIVE_MISSED, String.join("; ", missed), String.join(" ", hints));
        }
    }

    private static String against(double actual, @Nullable Double target) {
        return Figures.seconds(actual) + ", the target is " + Figures.seconds(Objects.requireNonNullElse(target, 0.0));
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
        sound(result);
        population(result);
    }

    /** Whether the ledger is what was signed, whatever was missed besides. */
    static void sound(EvidenceResult.Verified result) {
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

    /** What a record says was missed is known and signed for; it is counted, and no reason to fail again each day. */
    private static void population(EvidenceResult.Verified result) {
        List<EvidenceResult.MissedRun> unrecorded =
                result.missed().stream().filter(each -> each.record().isEmpty()).toList();
        if (!unrecorded.isEmpty()) {
            throw new Failure(
                    FailureKind.RUNS_MISSED,
                    "%s missed and not recorded: %s"
                            .formatted(
                                    Figures.count(unrecorded.size(), "scheduled run"),
                                    names(unrecorded.stream()
                                            .map(EvidenceResult.MissedRun::words)
                                            .toList())),
                    "Find out why they did not start, then put them on record with 'firedrill evidence reconcile'.");
        }
    }

    static void of(StatusResult result) {
        if (!result.reasons().isEmpty()) {
            StatusResult.Reason worst = result.reasons().getFirst();
            throw new Failure(
                    worst.state().equals(StatusVerdict.State.FAILING.name())
                            ? FailureKind.STATUS_FAILING
                            : FailureKind.STATUS_ATTENTION,
                    names(result.reasons().stream()
                            .map(StatusResult.Reason::why)
                            .toList()),
                    worst.step());
        }
    }

    /** Whoever holds the lock is about to change the states, so that goes first; what drifted no next run sets right. */
    static void of(MigrationsResult result) {
        if (result.lock() != null && result.isLocked()) {
            throw new Failure(
                    FailureKind.LOCK_HELD,
                    "the lock of %s is %s".formatted(result.tool(), MigrationsTable.words(result.lock())),
                    "Wait until its holder has ended or the lock has expired, and check again.");
        }
        List<MigrationsResult.Line> drifted = result.drifted();
        if (!drifted.isEmpty()) {
            throw new Failure(
                    FailureKind.MIGRATIONS_DRIFTED,
                    "%s drifted: %s"
                            .formatted(
                                    Figures.count(drifted.size(), "migration"),
                                    names(drifted.stream()
                                            .map(line -> line.name() + " " + line.state())
                                            .toList())),
                    "No next run sets this right; docs/MIGRATIONS.md says for each state what to do.");
        }
        List<MigrationsResult.Line> pending = result.in(ChangeState.PENDING);
        if (!pending.isEmpty()) {
            throw new Failure(
                    FailureKind.MIGRATIONS_PENDING,
                    "%s pending: %s"
                            .formatted(
                                    Figures.count(pending.size(), "migration"),
                                    names(pending.stream()
                                            .map(MigrationsResult.Line::name)
                                            .toList())),
                    "Apply them, or deploy what belongs to this database.");
        }
    }

    static void of(RehearseResult result) {
        List<String> failed = result.failures();
        if (!failed.isEmpty()) {
            throw new Failure(
                    FailureKind.MIGRATION_REFUTED,
                    "%d of the properties do not hold: %s".formatted(failed.size(), names(failed)),
                    "Do not release these migrations as they are; the report %s shows what was seen."
                            .formatted(result.report()));
        }
    }

    static void of(ReleaseResult result) {
        result.stuck().ifPresent(change -> {
            throw new Failure(
                    FailureKind.MIGRATION_FAILED,
                    "%s is %s: %s".formatted(change.name(), change.state(), change.end()),
                    "See what it left behind; run it again when that is mended, or go back to the moment before it: 'firedrill restore --at %s'."
                            .formatted(change.restorePoint()));
        });
    }

    static void of(Board board) {
        if (!board.ledgerProblem().isEmpty()) {
            throw new Failure(
                    FailureKind.NOT_READY,
                    "no record counts: " + board.ledgerProblem(),
                    "Run 'firedrill evidence verify' to see all of it, and find out what happened.");
        }
        if (!board.isReady()) {
            List<String> open = board.tasks()
                    .filter(task -> task.state().isBlocker())
                    .map(task -> "%s %s".formatted(task.task().id(), task.state()))
                    .toList();
            throw new Failure(
                    FailureKind.NOT_READY,
                    "%s not ready: %s".formatted(Figures.count(open.size(), "task"), names(open)),
                    "The list says of each what is missing; docs/READINESS.md says what each state means.");
        }
    }

    static void of(ManifestsResult result) {
        if (result.faults() > 0) {
            throw new Failure(
                    FailureKind.MANIFESTS_FAULTY,
                    "%s in %s"
                            .formatted(
                                    Figures.count(result.faults(), "finding"),
                                    Figures.count(result.resources(), "resource")),
                    "Mend them, or waive one with a reason; docs/MANIFESTS.md says what each rule is for.");
        }
    }

    private static String names(List<String> all) {
        String more = all.size() > NAMES_MAX ? " and %d more".formatted(all.size() - NAMES_MAX) : "";
        return String.join(", ", all.subList(0, Math.min(all.size(), NAMES_MAX))) + more;
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
