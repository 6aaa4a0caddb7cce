package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.evidence.Check;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.retention.BackupMarker;
import io.firedrill.retention.Decision;
import io.firedrill.retention.Intactness;
import io.firedrill.retention.OplogTrim;
import io.firedrill.retention.RefusedDeletion;
import io.firedrill.retention.RetentionPlan;
import io.firedrill.retention.Sweeper;
import io.firedrill.retention.Swept;
import io.firedrill.retention.Trimmed;
import io.firedrill.retention.Unlinked;
import io.firedrill.retention.UnlinkedSweep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.Job;

/** Prune: plan, refuse or mark, sweep what was marked a grace period ago, trim the oplog, look whether all that stays is whole. */
public final class PruneJobConfig {
    /** A record is read by people; the rest of many refusals stands in the result. */
    private static final int REFUSALS_NOTED = 20;

    private final Steps steps;
    private final StepRun run;
    private final BackupCatalog catalog;
    private final Lazy<RetentionPlan> plan;
    private final OplogTrim oplog;
    private List<BackupId> marked = List.of();
    private List<BackupId> unmarked = List.of();
    private Swept swept = new Swept(List.of(), 0, 0, 0, List.of());
    private Trimmed trimmed = Trimmed.NOTHING;
    private Unlinked unlinked = Unlinked.NOTHING;

    /**
     * @param plan made when it is first asked for, under the lease
     */
    public PruneJobConfig(
            Steps steps, StepRun run, BackupCatalog catalog, Supplier<RetentionPlan> plan, OplogTrim oplog) {
        this.steps = steps;
        this.run = run;
        this.catalog = catalog;
        this.plan = new Lazy<>(plan);
        this.oplog = oplog;
    }

    public Job job() {
        return steps.job("prune")
                .start(steps.once("plan", this::plan))
                .next(steps.once("mark", this::mark))
                .next(steps.once("sweep", this::sweep))
                .next(steps.once("oplog", this::trim))
                .next(steps.once("check", this::check))
                .build();
    }

    public RetentionPlan decided() {
        return plan.get();
    }

    public List<BackupId> marked() {
        return marked;
    }

    public List<BackupId> unmarked() {
        return unmarked;
    }

    public Swept swept() {
        return swept;
    }

    public Trimmed trimmed() {
        return trimmed;
    }

    public Unlinked unlinked() {
        return unlinked;
    }

    private void plan() {
        for (Decision decision : plan.get().decisions()) {
            run.log().note("decision " + decision.id(), decision.fate() + ": " + decision.why());
        }
        plan.get().refusal().ifPresent(refusal -> {
            throw refusal;
        });
    }

    private void mark() {
        var marker =
                new BackupMarker(catalog, run::checkpoint, run.log().start().operator());
        unmarked = marker.unmark(plan.get());
        marked = marker.mark(plan.get());
        run.log().note("marked", names(marked));
        run.log().note("unmarked", names(unmarked));
    }

    private void sweep() {
        swept = new Sweeper(catalog, run::checkpoint)
                .sweep(plan.get(), run.log().start().runId());
        run.log().note("deleted", names(swept.backups()));
        run.log().note("segments deleted", "%d, %d bytes".formatted(swept.segments(), swept.bytes()));
        noteRefused(swept.refused());
    }

    private void trim() {
        trimmed = oplog.trim(run::checkpoint);
        run.log().note("oplog deleted", "%d slices, %d bytes".formatted(trimmed.slices(), trimmed.bytes()));
        run.log().note("seals deleted", Long.toString(trimmed.seals()));
        unlinked = new UnlinkedSweep(catalog, plan.get())
                .sweep(run::checkpoint, run.log().start().runId());
        run.log()
                .note(
                        "oplog slices without a link",
                        "%d deleted, %d bytes; %d wait"
                                .formatted(unlinked.deleted(), unlinked.bytes(), unlinked.waiting()));
        List<RefusedDeletion> refused = new ArrayList<>(trimmed.refused());
        refused.addAll(unlinked.refused());
        noteRefused(refused);
    }

    private void noteRefused(List<RefusedDeletion> refused) {
        if (!refused.isEmpty()) {
            run.log()
                    .note(
                            "deletions refused by the store",
                            "%d: %s"
                                    .formatted(
                                            refused.size(),
                                            refused.stream()
                                                    .limit(REFUSALS_NOTED)
                                                    .map(RefusedDeletion::key)
                                                    .collect(Collectors.joining(", "))));
        }
    }

    private void check() {
        Intactness.Found found = new Intactness(catalog).look();
        String method = "every segment that a remaining sealed backup names was looked for in the store's listing";
        String expected = found.segments() + " segments of " + found.backups() + " backups";
        if (found.missing().isEmpty()) {
            run.log().check(Check.passed("references", method, expected, expected, found.segments(), found.segments()));
            return;
        }
        String missing = String.join(", ", found.missing());
        long there = found.segments() - found.missing().size();
        run.log()
                .check(Check.failed(
                        "references",
                        method,
                        expected,
                        there + " of them in the store",
                        there,
                        found.segments(),
                        missing));
        throw new Failure(
                FailureKind.BACKUP_DAMAGED,
                "segments that sealed backups need are missing: " + missing,
                "Run 'firedrill verify --backup ID' to see which backups are damaged, and back up again now.");
    }

    private static String names(List<BackupId> ids) {
        return ids.isEmpty() ? "none" : ids.stream().map(BackupId::value).collect(Collectors.joining(", "));
    }
}
