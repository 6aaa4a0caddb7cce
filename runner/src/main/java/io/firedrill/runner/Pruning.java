package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.archive.OplogArchive.OldSlice;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.PruneJobConfig;
import io.firedrill.job.StepRun;
import io.firedrill.retention.Decision.Fate;
import io.firedrill.retention.LegalHold;
import io.firedrill.retention.OplogTrim;
import io.firedrill.retention.RetentionPlan;
import io.firedrill.retention.RetentionPlanner;
import io.firedrill.retention.RetentionPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Retention, wired: settings and ledger to planner and sweep. */
final class Pruning {
    private final RunContext context;
    private final Workspace workspace;
    private final BackupCatalog catalog;

    /** What the last plan left out of account: records and ledgers that prove nothing. */
    private List<String> uncounted = List.of();

    Pruning(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
        this.catalog = workspace.catalog();
    }

    PruneResult prune(PruneRequest request) {
        Set<BackupId> asked = request.backups().stream().map(this::known).collect(Collectors.toSet());
        requirePolicy(asked);
        return request.dryRun() ? rehearsed(plan(asked)) : done(request, asked);
    }

    private PruneResult done(PruneRequest request, Set<BackupId> asked) {
        var job = new AtomicReference<PruneJobConfig>();
        // The lease of a backup: neither starts while the other is at work.
        String lease = "backup-" + catalog.source();
        var recorded = new RecordedRun(context, workspace, RunKind.PRUNE)
                .with("backups", request.backups().isEmpty() ? "by policy" : String.join(", ", request.backups()))
                .with("policy", policy().toString());
        RunRecord record = recorded.execute(() -> lease, Optional::empty, run -> {
            try (var batch = BatchHost.started(run, workspace.settings(), lease)) {
                batch.run(
                        steps -> {
                            job.set(new PruneJobConfig(steps, run, catalog, () -> noted(run, plan(asked)), oplog()));
                            return job.get().job();
                        },
                        run,
                        run.log().start().runId());
            }
        });
        PruneJobConfig ended = job.get();
        return new PruneResult(
                catalog.source(),
                false,
                lines(ended.decided()),
                names(ended.marked()),
                names(ended.unmarked()),
                names(ended.swept().backups()),
                ended.swept().segments(),
                ended.swept().bytes(),
                ended.swept().orphansNoted(),
                ended.trimmed().slices(),
                ended.trimmed().bytes(),
                ended.trimmed().seals(),
                ended.unlinked().deleted(),
                ended.unlinked().waiting(),
                Stream.of(
                                ended.swept().refused(),
                                ended.trimmed().refused(),
                                ended.unlinked().refused())
                        .flatMap(List::stream)
                        .map(each -> new PruneResult.Refusal(each.key(), each.answer()))
                        .toList(),
                uncounted,
                record.key(),
                recorded.reportFile(record).toString());
    }

    private RetentionPlan noted(StepRun run, RetentionPlan plan) {
        if (!uncounted.isEmpty()) {
            run.log().note("not proof", String.join("; ", uncounted));
        }
        return plan;
    }

    private OplogTrim oplog() {
        return new OplogTrim(
                catalog, workspace.settings().keepOplog(), workspace.clocks().now());
    }

    private PruneResult rehearsed(RetentionPlan plan) {
        List<OldSlice> slices = oplog().old(plan.due());
        return new PruneResult(
                catalog.source(),
                true,
                lines(plan),
                names(plan.unmarkedYet()),
                names(plan.marksToTakeOff()),
                names(plan.due()),
                0,
                0,
                0,
                slices.size(),
                slices.stream().mapToLong(OldSlice::bytes).sum(),
                oplog().oldSeals(plan.due()).size(),
                0,
                0,
                List.of(),
                uncounted,
                "",
                "");
    }

    private RetentionPlan plan(Set<BackupId> asked) {
        Proofs proofs = Proofs.of(workspace);
        uncounted = proofs.uncounted();
        Instant now = workspace.clocks().now();
        var planner = new RetentionPlanner(proofs.known(catalog), policy(), now);
        return asked.isEmpty() ? planner.byPolicy() : planner.asked(asked);
    }

    HoldResult hold(HoldRequest request) {
        BackupId id = known(request.backup());
        if (request.reason().isBlank()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the reason is empty",
                    "Say with --reason why, so that whoever finds the hold knows when it is over.");
        }
        var recorded = new RecordedRun(context, workspace, RunKind.LEGAL_HOLD)
                .with("backup", id.value())
                .with("action", request.hold() ? "hold" : "release");
        RunRecord record = recorded.execute(() -> "hold-" + catalog.source(), Optional::empty, run -> {
            var notice = new Notice(
                    request.hold(),
                    workspace.clocks().now(),
                    workspace.settings().operator(),
                    request.reason());
            run.log().note("reason", request.reason());
            run.checkpoint();
            if (request.hold()) {
                new LegalHold(catalog).hold(id, notice);
            } else {
                new LegalHold(catalog).release(id, notice);
            }
        });
        return new HoldResult(id.value(), request.hold(), request.reason(), record.key());
    }

    private RetentionPolicy policy() {
        return workspace.settings().retention();
    }

    /** Without a rule everything old would go: nobody means that by saying nothing. */
    private void requirePolicy(Set<BackupId> asked) {
        if (asked.isEmpty() && policy().keepsNothing()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "no rule says which backups to keep",
                    "Set at least one of keep-last, keep-hourly, keep-daily, keep-weekly and keep-monthly.");
        }
    }

    private BackupId known(String text) {
        if (!BackupId.isValid(text) || !catalog.ids().contains(new BackupId(text))) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no backup '%s' of source '%s'".formatted(text, catalog.source()),
                    "Choose one that 'firedrill backups' lists.");
        }
        return new BackupId(text);
    }

    private static List<PruneResult.Line> lines(RetentionPlan plan) {
        return plan.decisions().stream()
                .map(decision -> new PruneResult.Line(
                        decision.id().value(),
                        decision.fate().name().toLowerCase(Locale.ROOT),
                        decision.why(),
                        decision.fate() == Fate.DELETE ? plan.deletedAfter(decision) : null))
                .toList();
    }

    private static List<String> names(List<BackupId> ids) {
        return ids.stream().map(BackupId::value).toList();
    }
}
