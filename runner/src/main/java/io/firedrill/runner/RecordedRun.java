package io.firedrill.runner;

import io.firedrill.evidence.Checkpoint;
import io.firedrill.evidence.HtmlReport;
import io.firedrill.evidence.LedgerWriter;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunIds;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.RunTrace;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.StepRun;
import io.firedrill.storage.Holder;
import io.firedrill.storage.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs work under a lease, and leaves a record whatever becomes of it. */
final class RecordedRun {
    static final String LEASE = "lease";

    private final RunContext context;
    private final Workspace workspace;
    private final RunKind kind;
    private final Bell bell;
    private final Map<String, String> parameters = new TreeMap<>();
    private long fence;

    RecordedRun(RunContext context, Workspace workspace, RunKind kind) {
        this.context = context;
        this.workspace = workspace;
        this.kind = kind;
        this.bell = new Bell(
                workspace.settings().notifications(),
                context.notices(),
                workspace.clocks().wall());
    }

    RecordedRun with(String parameter, String value) {
        parameters.put(parameter, value);
        return this;
    }

    /** What is done under the lease. */
    @FunctionalInterface
    interface Work {
        void run(StepRun run);
    }

    /**
     * @param lease names the lease; asking may fail, since it may have to ask a deployment
     * @param resumable the run to go on with, asked once the lease is held
     * @return the record of the run, if it succeeded; else its failure is thrown, after the record was stored
     */
    RunRecord execute(Supplier<String> lease, Supplier<Optional<String>> resumable, Work work) {
        LedgerWriter ledger = workspace.evidence(context.notices());
        String fresh = RunIds.next(workspace.clocks().now(), new SecureRandom());
        @Nullable RunLog log = null;
        @Nullable Throwable failure = null;
        try (Lease held = acquire(lease.get(), fresh)) {
            String runId = resumable.get().orElse(fresh);
            abandonDead(held.name(), runId, ledger);
            log = begin(runId);
            var run = new StepRun(
                    log, context.progress(), workspace.settings().lanes(), held::check, context.stopRequested());
            fence = held.fence();
            work.run(run);
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
        try {
            return finish(log == null ? begin(fresh) : log, ledger, failure);
        } catch (Failure notRecorded) {
            if (notRecorded.kind() == FailureKind.EVIDENCE_NOT_STORED && notRecorded != failure) {
                bell.unrecorded(
                        kind,
                        workspace.settings().sourceName(),
                        workspace.clocks().now(),
                        notRecorded);
            }
            throw failure == null || failure == notRecorded ? notRecorded : unrecorded(failure, notRecorded);
        }
    }

    /** What ended the run is what the operator has to mend first; that it left no record often follows from it. */
    private static RuntimeException unrecorded(Throwable ended, Failure notRecorded) {
        Failure failure = Failure.in(ended)
                .map(known -> new Failure(
                        known.kind(), known.text() + "; no record of the run could be stored", known.hint(), ended))
                .orElse(notRecorded);
        failure.addSuppressed(failure == notRecorded ? ended : notRecorded);
        return failure;
    }

    private Lease acquire(String name, String runId) {
        parameters.put(LEASE, name);
        return workspace
                .leases()
                .acquire(
                        name,
                        Holder.ofThisProcess(
                                runId, kind.name(), workspace.clocks().now()));
    }

    /** We hold the lease, so the other runs that were begun under it have no process any more. */
    private void abandonDead(String lease, String runId, LedgerWriter ledger) {
        for (RunLog open : RunLog.open(workspace.store(), workspace.clocks())) {
            boolean underOurLease = lease.equals(open.start().parameters().get(LEASE));
            if (underOurLease && !open.start().runId().equals(runId)) {
                bell.ended(open.abandon(ledger));
            }
        }
    }

    /** The name of the lease, while the work is done. */
    String lease() {
        return parameters.getOrDefault(LEASE, "");
    }

    /** The fencing number of the lease, while the work is done. */
    long fence() {
        return fence;
    }

    private RunLog begin(String runId) {
        Settings settings = workspace.settings();
        parameters.put("store", workspace.store().location());
        parameters.put("lanes", Integer.toString(settings.lanes()));
        if (settings.sourceName() != null) {
            parameters.put(RunTrace.SOURCE_NAME, settings.sourceName());
        }
        var objectives = new Objectives(
                Optional.ofNullable(settings.rtoTarget()),
                Optional.ofNullable(settings.rpoTarget()),
                "rto-target and rpo-target of the effective settings");
        var start = new RunStart(
                runId,
                kind,
                settings.mode().name().toLowerCase(java.util.Locale.ROOT),
                settings.operator(),
                String.join(", ", new Version().getVersion()),
                Holder.ofThisProcess(runId, kind.name(), workspace.clocks().now())
                        .host(),
                parameters,
                objectives);
        return RunLog.begin(workspace.store(), workspace.clocks(), start);
    }

    private RunRecord finish(RunLog log, LedgerWriter ledger, @Nullable Throwable failure) {
        LedgerWriter.Appended appended = log.finish(ledger, failure, outcome -> exitCode(kind, outcome, failure));
        RunRecord record = appended.run();
        context.notices().checkpoint(appended.checkpoint());
        bell.ended(record);
        keepReport(record, appended.checkpoint());
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (record.outcome() == Outcome.INCONCLUSIVE) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "run %s proves nothing: a check was skipped".formatted(record.runId()),
                    "The record %s says which.".formatted(record.key()));
        }
        return record;
    }

    private static int exitCode(RunKind kind, Outcome outcome, @Nullable Throwable failure) {
        if (failure != null) {
            return Failure.in(failure)
                    .map(known -> ExitCode.of(known.kind()))
                    .orElse(ExitCode.UNEXPECTED)
                    .code();
        }
        return switch (outcome) {
            case PASSED -> ExitCode.OK.code();
            case WARNED -> ExitCode.OBJECTIVE_MISSED.code();
            case FAILED -> failed(kind).code();
            case INCONCLUSIVE -> ExitCode.VERIFICATION_MISMATCH.code();
            case ABORTED -> ExitCode.SIGTERM.code();
            // Said of a run that never began, so no run ends like that.
            case MISSED -> ExitCode.RUNS_MISSED.code();
        };
    }

    /** What an archiver checks is that nothing is missing, and a rehearsal the migrations. */
    private static ExitCode failed(RunKind kind) {
        return switch (kind) {
            case ARCHIVE -> ExitCode.OPLOG_GAP;
            case REHEARSAL -> ExitCode.REHEARSAL_FAILED;
            case APPLY, ROLLBACK -> ExitCode.MIGRATION_FAILED;
            default -> ExitCode.VERIFICATION_MISMATCH;
        };
    }

    /** The report lies in the store; a copy on this machine is what a person opens. */
    private void keepReport(RunRecord record, Checkpoint checkpoint) {
        Path file = reportFile(record);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, HtmlReport.render(record, checkpoint));
        } catch (IOException thrown) {
            throw new UncheckedIOException("the copy of the report could not be written", thrown);
        }
    }

    Path reportFile(RunRecord record) {
        return workspace
                .settings()
                .stateDir()
                .resolve("reports")
                .resolve(record.recordId() + ".html")
                .toAbsolutePath();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
