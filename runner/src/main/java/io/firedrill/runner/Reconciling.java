package io.firedrill.runner;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Reconciliation;
import io.firedrill.evidence.RunIds;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.Schedule;
import io.firedrill.storage.Holder;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts on record what left no record by itself, or says what it would. */
final class Reconciling {
    private final Workspace workspace;
    private final Ledger ledger;
    private final Notices notices;
    private final Reconciliation reconciliation;

    Reconciling(Workspace workspace, Ledger ledger, Notices notices) {
        this.workspace = workspace;
        this.ledger = ledger;
        this.notices = notices;
        Settings settings = workspace.settings();
        this.reconciliation = new Reconciliation(
                ledger,
                workspace.clocks(),
                workspace.leases(),
                new UnixCron(),
                settings.schedule(),
                settings.due().grace(),
                EvidenceKeys.readPublic(settings.evidence().roots()));
    }

    EvidenceResult.Reconciled reconcile(boolean dryRun) {
        return dryRun ? planned() : recorded();
    }

    private EvidenceResult.Reconciled planned() {
        Reconciliation.Findings found = reconciliation.findings();
        return new EvidenceResult.Reconciled(
                true,
                ledger.id(),
                found.dead().stream().map(Reconciling::dead).toList(),
                found.missed().stream().map(EvidenceResult.MissedRun::of).toList(),
                found.schedule().map(recorded -> words(recorded.schedule())).orElse(null),
                ids(found.open()));
    }

    private EvidenceResult.Reconciled recorded() {
        Reconciliation.Recorded done = reconciliation.record(workspace.evidence(notices), this::start);
        done.checkpoint().ifPresent(notices::checkpoint);
        List<EvidenceResult.MissedRun> missed =
                done.missed().stream().map(Reconciling::missed).toList();
        new Absences(
                        workspace,
                        new Bell(
                                workspace.settings().notifications(),
                                notices,
                                workspace.clocks().wall()))
                .tell(done, missed);
        return new EvidenceResult.Reconciled(
                false,
                ledger.id(),
                done.aborted().stream()
                        .map(run -> new EvidenceResult.AbortedRun(
                                run.runId(), run.kind().word(), run.startedAt(), run.key()))
                        .toList(),
                missed,
                done.schedule().isPresent()
                        ? workspace
                                .settings()
                                .schedule()
                                .map(Reconciling::words)
                                .orElse(null)
                        : null,
                ids(reconciliation.findings().open()));
    }

    private static EvidenceResult.AbortedRun dead(RunLog run) {
        return new EvidenceResult.AbortedRun(
                run.start().runId(), run.start().kind().word(), run.startedAt(), "");
    }

    private static EvidenceResult.MissedRun missed(RunRecord record) {
        var slot = record.json().path("slot");
        return new EvidenceResult.MissedRun(
                slot.path("source").asString(""),
                slot.path("kind").asString(""),
                slot.path("cron").asString(""),
                record.startedAt(),
                record.key());
    }

    private static List<String> words(Schedule schedule) {
        return schedule.entries().stream().map(Schedule.Entry::toString).toList();
    }

    private static List<String> ids(List<RunLog> runs) {
        return runs.stream().map(run -> run.start().runId()).toList();
    }

    private RunStart start(RunKind kind) {
        Settings settings = workspace.settings();
        String runId = RunIds.next(workspace.clocks().now(), new SecureRandom());
        Map<String, String> parameters =
                new TreeMap<>(Map.of("store", workspace.store().location()));
        @Nullable String source = settings.sourceName();
        if (source != null) {
            parameters.put(RunTrace.SOURCE_NAME, source);
        }
        return new RunStart(
                runId,
                kind,
                settings.mode().name().toLowerCase(Locale.ROOT),
                settings.operator(),
                String.join(", ", new Version().getVersion()),
                Holder.ofThisProcess(runId, kind.name(), workspace.clocks().now())
                        .host(),
                parameters,
                new Objectives(Optional.empty(), Optional.empty(), "none: this is no run"));
    }
}
