package io.firedrill.runner;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how bad it is what a status has found of one source: what does not protect the data is failing, what will not for long needs
 * attention.
 */
final class StatusWeighing {
    static final String DRILL = "Run 'firedrill drill' to prove it.";
    static final String RECONCILE = "Run 'firedrill evidence reconcile'.";

    private static final Set<Outcome> BAD = Set.of(Outcome.FAILED, Outcome.ABORTED, Outcome.INCONCLUSIVE);
    private static final String BACK_UP = "Run 'firedrill backup'.";

    private final SourceStatus source;
    private final Glance glance;
    private final StatusSchedule schedule;
    private final boolean several;

    /** @param several whether there are other sources, so that a schedule without a source is of no single one */
    StatusWeighing(SourceStatus source, StatusSchedule schedule, boolean several) {
        this.source = source;
        this.glance = source.glance();
        this.schedule = schedule;
        this.several = several;
    }

    void weigh(StatusVerdict verdict) {
        backups(verdict);
        recoverable(verdict);
        drills(verdict);
        others(verdict);
        schedule.weigh(verdict, of -> of.equals(source.source()) || (of.isEmpty() && !several));
        verdict.attention(
                !source.doubts().isEmpty(),
                Figures.count(source.doubts().size(), "doubt") + " that backups read all that changed",
                "Mend the cause, then run 'firedrill backup --skip-again REASON'.");
        StatusResult.@Nullable NewestSeal seal = source.seal();
        verdict.attention(seal != null && seal.overdue(), "the newest seal is overdue", "Run 'firedrill seal'.");
        source.archives().stream()
                .filter(archive -> !archive.warning().isEmpty())
                .forEach(archive -> verdict.attention(
                        true,
                        several ? archive.warning() : archive.source() + ": " + archive.warning(),
                        "Look at 'firedrill oplog archive'."));
    }

    private void backups(StatusVerdict verdict) {
        @Nullable BackupLine last = source.lastBackup();
        verdict.failing(last == null, "no sealed backup: nothing can be restored", BACK_UP);
        newest(RunKind.BACKUP)
                .filter(trace -> trace.outcome().filter(BAD::contains).isPresent())
                .ifPresent(trace -> verdict.failing(
                        true,
                        "the newest backup run ended %s"
                                .formatted(trace.outcome().orElseThrow()),
                        "See 'firedrill evidence show %d', mend the cause, and run 'firedrill backup'."
                                .formatted(trace.seq())));
        refuted(verdict, last);
        verdict.attention(
                last != null && source.proof().isEmpty(),
                "backed up, never proven: no restore has shown that it comes back",
                DRILL);
    }

    /** The newest one is what everybody would restore; older ones are in the way of nobody but who restores them. */
    private void refuted(StatusVerdict verdict, @Nullable BackupLine last) {
        String newest = last == null ? "" : last.backupId();
        for (String id : source.refuted()) {
            long by = glance.proof(id).by().map(RunTrace::seq).orElse(0L);
            String show = "See 'firedrill evidence show %d', ".formatted(by);
            verdict.failing(
                    id.equals(newest),
                    "the newest backup, %s, was refuted by run %d".formatted(id, by),
                    show + "and back up again.");
            verdict.attention(
                    !id.equals(newest),
                    "the backup %s was refuted by run %d".formatted(id, by),
                    show + "and drill it again, or take it away with 'firedrill prune --backup %s'.".formatted(id));
        }
    }

    private void recoverable(StatusVerdict verdict) {
        StatusResult.@Nullable Recoverable recoverable = source.recoverable();
        if (recoverable != null && recoverable.late()) {
            double target = Objects.requireNonNullElse(recoverable.targetSeconds(), 0.0);
            verdict.failing(
                    true,
                    "what can be recovered is %s old, and rpo-target allows %s"
                            .formatted(Figures.seconds((double) recoverable.ageSeconds()), Figures.seconds(target)),
                    source.archives().isEmpty() ? BACK_UP : "Run 'firedrill oplog archive', and see what it says.");
        }
    }

    /** What the newest check of the store and the newest restore found outweighs that a backup was made. */
    private void others(StatusVerdict verdict) {
        for (RunKind kind : List.of(RunKind.VERIFY, RunKind.RESTORE, RunKind.ARCHIVE)) {
            glance.standingFailure(kind)
                    .ifPresent(trace -> verdict.failing(
                            true,
                            "the newest %s FAILED".formatted(kind.word()),
                            "See 'firedrill evidence show %d', and mend the cause.".formatted(trace.seq())));
        }
    }

    private void drills(StatusVerdict verdict) {
        glance.standingFailure(RunKind.DRILL)
                .ifPresent(trace -> verdict.failing(true, "the last drill FAILED", again(trace.seq())));
        source.drill().ifPresent(run -> drill(verdict, run));
    }

    private static void drill(StatusVerdict verdict, RunRecord run) {
        verdict.attention(
                run.outcome() == Outcome.WARNED,
                "the last drill missed its objective: " + run.verdict(),
                again(run.seq()));
        verdict.attention(
                run.outcome() == Outcome.ABORTED || run.outcome() == Outcome.INCONCLUSIVE,
                "the last drill proves nothing: " + run.outcome(),
                again(run.seq()));
    }

    private static String again(long seq) {
        return "See 'firedrill evidence show %d', and run 'firedrill drill' again.".formatted(seq);
    }

    private Optional<RunTrace> newest(RunKind kind) {
        return glance.traces().reversed().stream()
                .filter(trace -> trace.kind() == kind)
                .findFirst();
    }
}
