package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.BackupJobConfig;
import io.firedrill.job.StepRun;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHistory;
import io.firedrill.oplog.ArchiveSource;
import io.firedrill.oplog.ArchiveWriting;
import io.firedrill.oplog.OplogArchiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The oplog archive, wired: settings to the archiver, its figures to progress and record. */
final class Archiving {
    private final RunContext context;
    private final Workspace workspace;
    private final Deployment source;
    private final BackupCatalog catalog;
    private @Nullable OplogArchiver archiver;
    private volatile @Nullable PeriodicSeals seals;

    Archiving(RunContext context, Workspace workspace, Deployment source, BackupCatalog catalog) {
        this.context = context;
        this.workspace = workspace;
        this.source = source;
        this.catalog = catalog;
    }

    /** The lease of a source's archiver. */
    static String lease(String source) {
        return "oplog-" + source;
    }

    ArchiveResult archive(ArchiveRequest request) {
        if (request.dryRun()) {
            return drafted();
        }
        var recorded = new RecordedRun(context, workspace, RunKind.ARCHIVE).with("once", request.once() ? "yes" : "no");
        RunRecord record = recorded.execute(
                () -> lease(catalog.source()), Optional::empty, run -> archive(request, run, recorded.fence()));
        return result(record, recorded.reportFile(record).toString());
    }

    private void archive(ArchiveRequest request, StepRun run, long fence) {
        RunLog log = run.log();
        DeploymentIdentity identity = source.identity();
        log.source(BackupJobConfig.party("source", identity));
        new SourceSuccession(workspace, catalog).settle(identity, request.newSource(), log);
        catalog.remember(identity);
        var writing = new ArchiveWriting(
                catalog.oplog(), run.lease(), fence, workspace.clocks().wall(), catalog.succession()::requireCurrent);
        var begun = new OplogArchiver(
                new ArchiveSource(
                        source,
                        workspace.settings().readFrom(),
                        workspace::sourceMember,
                        log.start().runId()),
                writing,
                workspace.settings().archive().pace(),
                workspace.clocks().ticker(),
                new ArchiveTeller(
                        this::archiver, context.progress(), workspace.settings().archive()));
        archiver = begun;
        log.timeline().measure("archive", false, () -> {
            context.progress().begin("archive", 0);
            context.progress().detail(() -> ArchiveTeller.words(begun) + sealsWords());
            try {
                follow(request, begun, run);
            } finally {
                note(log, begun);
                context.progress().end();
            }
        });
    }

    private void follow(ArchiveRequest request, OplogArchiver begun, StepRun run) {
        Optional<Duration> interval = workspace.settings().archive().sealInterval();
        if (request.once() || interval.isEmpty()) {
            follow(request, begun);
            return;
        }
        try (var beside = seals(interval.get(), run)) {
            seals = beside;
            follow(request, begun);
        }
    }

    private PeriodicSeals seals(Duration interval, StepRun run) {
        String archiveRun = run.log().start().runId();
        var taking = new PeriodicSeals.Seals() {
            @Override
            public Optional<Instant> newest() {
                List<OpTime> all = catalog.seals().list();
                return all.isEmpty()
                        ? Optional.empty()
                        : Optional.of(all.getLast().instant());
            }

            @Override
            public Optional<SealResult> take(BooleanSupplier stop) {
                // The line of progress is the archiver's.
                var beside = new RunContext(
                        context.settings(),
                        Progress.NONE,
                        context.confirmation(),
                        stop::getAsBoolean,
                        context.notices());
                return new Sealing(beside, workspace, source, catalog).takeIfNeeded(archiveRun);
            }
        };
        return new PeriodicSeals(
                taking,
                interval,
                workspace.clocks().wall(),
                () -> context.stopRequested().getAsBoolean() || isLost(run),
                context.progress()::say);
    }

    private static boolean isLost(StepRun run) {
        try {
            run.lease().run();
            return false;
        } catch (Failure _) {
            // The archiver meets it too, and says so.
            return true;
        }
    }

    private String sealsWords() {
        return seals == null ? "" : seals.words();
    }

    private ArchiveResult.@Nullable Seals sealsTold() {
        return seals == null ? null : seals.told();
    }

    private void follow(ArchiveRequest request, OplogArchiver begun) {
        if (!request.once()) {
            begun.follow(context.stopRequested());
        } else if (!begun.once(context.stopRequested())) {
            throw new Failure(
                    FailureKind.ABORTED, "stopped on request", "Start it again: it goes on behind what is archived.");
        }
    }

    private void note(RunLog log, OplogArchiver ended) {
        log.note("archive-slices", Long.toString(ended.figures().links()));
        log.note("archive-entries", Long.toString(ended.figures().entries()));
        log.note("archive-bytes", Long.toString(ended.figures().bytesRaw()));
        ended.rpo()
                .map(ArchiveResult.Rpo::of)
                .ifPresent(rpo -> log.note(
                        "rpo-measured",
                        "%d samples, median %.3f s, p95 %.3f s, max %.3f s"
                                .formatted(rpo.samples(), rpo.medianSeconds(), rpo.p95Seconds(), rpo.maxSeconds())));
        ended.oplogWindow().ifPresent(window -> log.note("oplog-window", window.toSeconds() + " s"));
        ArchiveResult.Seals beside = sealsTold();
        if (beside != null) {
            log.note("seals", beside.words());
            if (beside.failed() > 0) {
                log.note("last-seal-failed", beside.lastFailure());
            }
        }
        String method = "the last archived entry is read again, with its term, before anything is added";
        List<ArchiveResult.Gap> gaps = gaps(ended);
        long links = ended.figures().links();
        log.check(
                gaps.isEmpty()
                        ? Check.passed("continuity", method, "0 gaps", "0 gaps", links, links)
                        : Check.failed(
                                "continuity",
                                method,
                                "0 gaps",
                                gaps.size() + " gaps",
                                links,
                                links,
                                String.join(
                                        "; ",
                                        gaps.stream()
                                                .map(ArchiveResult.Gap::words)
                                                .toList())));
    }

    private static List<ArchiveResult.Gap> gaps(OplogArchiver ended) {
        return ended.gaps().stream().map(ArchiveResult.Gap::of).toList();
    }

    private OplogArchiver archiver() {
        return Objects.requireNonNull(archiver);
    }

    private ArchiveResult result(RunRecord record, String report) {
        OplogArchiver ended = archiver();
        return new ArchiveResult(
                catalog.source(),
                ended.timeline().map(OplogTimeline::number).orElse(0),
                ended.end().map(end -> Results.point(end.at())).orElse(null),
                ended.figures().links(),
                ended.figures().entries(),
                ended.figures().bytesRaw(),
                record.elapsedSeconds(),
                ended.rpo().map(ArchiveResult.Rpo::of).orElse(null),
                gaps(ended),
                ended.oplogWindow().map(Duration::toSeconds).orElse(null),
                ended.oplogWindow().filter(this::isShort).isPresent(),
                sealsTold(),
                false,
                record.key(),
                report);
    }

    private boolean isShort(Duration window) {
        return !workspace.settings().archive().isEnough(window);
    }

    /** Where it would go on; writes nothing, neither here nor there. */
    private ArchiveResult drafted() {
        catalog.succession().requireCurrent(source.identity());
        OplogArchive archive = catalog.oplog();
        Duration window = OplogHistory.unfenced(source).window();
        List<OplogTimeline> timelines = archive.timelines();
        Optional<OplogChainEnd> end =
                timelines.isEmpty() ? Optional.empty() : Optional.of(archive.end(timelines.getLast()));
        return new ArchiveResult(
                catalog.source(),
                end.map(OplogChainEnd::timeline).orElse(0),
                end.map(last -> Results.point(last.last())).orElse(null),
                0,
                0,
                0,
                0,
                null,
                List.of(),
                window.toSeconds(),
                isShort(window),
                null,
                true,
                "",
                "");
    }
}
