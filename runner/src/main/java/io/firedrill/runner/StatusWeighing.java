package io.firedrill.runner;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says how bad it is what a status has found: what does not protect the data is failing, what will not for long needs attention. */
final class StatusWeighing {
    private static final Set<Outcome> BAD = Set.of(Outcome.FAILED, Outcome.ABORTED, Outcome.INCONCLUSIVE);
    private static final String BACK_UP = "Run 'firedrill backup'.";
    private static final String DRILL = "Run 'firedrill drill' to prove it.";
    private static final String RECONCILE = "Run 'firedrill evidence reconcile'.";

    private final @Nullable BackupLine last;
    private final Optional<RunRecord> proof;
    private final Optional<RunRecord> drill;
    private final List<RunTrace> traces;
    private final StatusSchedule schedule;

    StatusWeighing(
            @Nullable BackupLine last,
            Optional<RunRecord> proof,
            Optional<RunRecord> drill,
            List<RunTrace> traces,
            StatusSchedule schedule) {
        this.last = last;
        this.proof = proof;
        this.drill = drill;
        this.traces = traces;
        this.schedule = schedule;
    }

    StatusVerdict verdict(
            StatusResult.@Nullable Recoverable recoverable,
            StatusResult.@Nullable NewestSeal seal,
            List<StatusResult.Doubt> doubts,
            List<ArchiveStatus> archives,
            long dead) {
        var verdict = new StatusVerdict();
        backups(verdict);
        if (recoverable != null && recoverable.late()) {
            verdict.failing(
                    true,
                    "what can be recovered is %s old, and rpo-target allows %s"
                            .formatted(
                                    Figures.seconds((double) recoverable.ageSeconds()),
                                    Figures.seconds(
                                            recoverable.targetSeconds() == null ? 0 : recoverable.targetSeconds())),
                    archives.isEmpty() ? BACK_UP : "Run 'firedrill oplog archive', and see what it says.");
        }
        drills(verdict);
        others(verdict);
        missed(verdict);
        verdict.attention(dead > 0, Figures.count(dead, "run") + " died and left no record", RECONCILE);
        verdict.attention(
                !doubts.isEmpty(),
                Figures.count(doubts.size(), "doubt") + " that backups read all that changed",
                "Mend the cause, then run 'firedrill backup --skip-again REASON'.");
        verdict.attention(seal != null && seal.overdue(), "the newest seal is overdue", "Run 'firedrill seal'.");
        archives.stream()
                .filter(archive -> !archive.warning().isEmpty())
                .forEach(archive -> verdict.attention(
                        true, archive.source() + ": " + archive.warning(), "Look at 'firedrill oplog archive'."));
        return verdict;
    }

    private void backups(StatusVerdict verdict) {
        verdict.failing(last == null, "no sealed backup: nothing can be restored", BACK_UP);
        traces.reversed().stream()
                .filter(trace -> trace.kind() == RunKind.BACKUP)
                .findFirst()
                .filter(trace -> trace.outcome().filter(BAD::contains).isPresent())
                .ifPresent(trace -> verdict.failing(
                        true,
                        "the newest backup run ended %s"
                                .formatted(trace.outcome().orElseThrow()),
                        "See 'firedrill evidence show %d', mend the cause, and run 'firedrill backup'."
                                .formatted(trace.seq())));
        verdict.attention(
                last != null && proof.isEmpty(),
                "backed up, never proven: no restore has shown that it comes back",
                DRILL);
    }

    /** What the newest check of the store and the newest restore found outweighs that a backup was made. */
    private void others(StatusVerdict verdict) {
        for (RunKind kind : List.of(RunKind.VERIFY, RunKind.RESTORE, RunKind.ARCHIVE)) {
            traces.reversed().stream()
                    .filter(trace -> trace.kind() == kind)
                    .findFirst()
                    .filter(trace -> trace.outcome().equals(Optional.of(Outcome.FAILED)))
                    .ifPresent(trace -> verdict.failing(
                            true,
                            "the newest %s FAILED".formatted(kind.word()),
                            "See 'firedrill evidence show %d', and mend the cause.".formatted(trace.seq())));
        }
    }

    private void drills(StatusVerdict verdict) {
        drill.ifPresent(run -> {
            String show = "See 'firedrill evidence show %d', and run 'firedrill drill' again.".formatted(run.seq());
            verdict.failing(run.outcome() == Outcome.FAILED, "the last drill FAILED", show);
            verdict.attention(
                    run.outcome() == Outcome.WARNED, "the last drill missed its objective: " + run.verdict(), show);
            verdict.attention(
                    run.outcome() == Outcome.ABORTED || run.outcome() == Outcome.INCONCLUSIVE,
                    "the last drill proves nothing: " + run.outcome(),
                    show);
        });
    }

    private void missed(StatusVerdict verdict) {
        for (StatusResult.DueRun due : schedule.due()) {
            String why = "the last %s that was due was missed".formatted(due.kind());
            boolean missed = due.last().equals("MISSED");
            boolean backup = due.kind().equals(RunKind.BACKUP.word());
            String step = "Find out why the scheduler started nothing, and run it by hand.";
            verdict.failing(missed && backup, why, step);
            verdict.attention(missed && !backup, why, step);
        }
        long unrecorded =
                schedule.missed().stream().filter(each -> each.isUnrecorded()).count();
        verdict.attention(unrecorded > 0, Figures.count(unrecorded, "missed run") + " not on record", RECONCILE);
        verdict.attention(
                schedule.isUnrecorded(),
                "the schedule that is set is not on record, so nothing can be missed",
                RECONCILE);
    }

    /** The worst of it in a line; where all is well, what that rests on. */
    String sentence(StatusVerdict verdict) {
        List<StatusResult.Reason> reasons = verdict.reasons();
        if (!reasons.isEmpty()) {
            String more = reasons.size() == 1 ? "" : " (and %d more, below)".formatted(reasons.size() - 1);
            return reasons.getFirst().why() + more;
        }
        return isProven()
                ? "the newest backup is proven"
                : "the newest backup is sealed but not proven; an older one is";
    }

    String nextStep(StatusVerdict verdict) {
        return verdict.reasons().stream()
                .findFirst()
                .map(StatusResult.Reason::step)
                .orElse(isProven() ? "Nothing to do until the next backup." : DRILL);
    }

    private boolean isProven() {
        return last != null && last.state().equals("proven");
    }
}
