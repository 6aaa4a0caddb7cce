package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Notice;
import io.firedrill.archive.NoticeBoard;
import io.firedrill.archive.Synthetic;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.storage.Leases.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells how things stand, from the store alone. */
final class StatusReader {
    private final Workspace workspace;
    private final @Nullable String source;
    private final Glance glance;
    private final Instant now;

    StatusReader(Workspace workspace) {
        this(workspace, workspace.settings().sourceName());
    }

    /** @param source the one that is looked at; null for all */
    StatusReader(Workspace workspace, @Nullable String source) {
        this.workspace = workspace;
        this.source = source;
        this.glance = new Glance(workspace, source);
        this.now = workspace.clocks().now();
    }

    /** The look at the ledger that it rests on. */
    Glance glance() {
        return glance;
    }

    /** The moment that ages are counted to. */
    Instant now() {
        return now;
    }

    List<BackupLine> backups() {
        Set<String> proven = glance.proven();
        List<BackupLine> lines = new ArrayList<>();
        for (String each : sources()) {
            var catalog = workspace.catalogOf(each);
            Map<BackupId, Notice> holds = catalog.holds().standing();
            Map<BackupId, Notice> marks = catalog.marks().standing();
            for (BackupId id : catalog.ids()) {
                @Nullable Notice hold = holds.get(id);
                @Nullable Notice mark = marks.get(id);
                lines.add(line(catalog, id, proven, hold == null ? null : hold.reason(), deletedAfter(mark)));
            }
        }
        lines.sort(Comparator.comparing(BackupLine::backupId).reversed());
        return lines;
    }

    StatusResult read() {
        @Nullable BackupLine last = lastBackup();
        Optional<RunRecord> proof = glance.newestProof();
        Optional<RunRecord> drill = glance.newestDrill();
        List<RunLog> open = RunLog.open(workspace.store(), workspace.clocks());
        List<ArchiveStatus> archives = archives();
        var schedule = new StatusSchedule(workspace.settings().schedule(), glance.allTraces(), open, now);
        StatusResult.@Nullable NewestSeal seal = newestSeal();
        StatusResult.@Nullable Recoverable recoverable = recoverable(last, archives);
        List<StatusResult.Doubt> doubts = doubts();
        var weighing = new StatusWeighing(last, proof, drill, glance.traces(), schedule);
        StatusVerdict verdict = weighing.verdict(recoverable, seal, doubts, archives, dead(open));
        return new StatusResult(
                weighing.sentence(verdict),
                last,
                proof.map(this::lastProven).orElse(null),
                drill.map(record -> new StatusResult.LastDrill(
                                record.outcome().name(), Results.rto(record), record.finishedAt(), record.isPartial()))
                        .orElse(null),
                lockHolder(),
                open.size(),
                weighing.nextStep(verdict),
                standing(BackupCatalog::holds),
                standing(BackupCatalog::marks),
                seal,
                doubts,
                archives,
                verdict.state().name(),
                verdict.reasons(),
                recoverable,
                schedule.due(),
                schedule.missed().stream().map(EvidenceResult.MissedRun::of).toList());
    }

    /** The newest sealed backup of all sources, without a look into any other. */
    private @Nullable BackupLine lastBackup() {
        return sources().stream()
                .map(workspace::catalogOf)
                .flatMap(catalog -> catalog.newestSealed().stream()
                        .map(id -> line(
                                catalog,
                                id,
                                glance.isProven(id.value()) ? Set.of(id.value()) : Set.of(),
                                reason(catalog.holds(), id),
                                deletedAfter(catalog.marks().standing().get(id)))))
                .max(Comparator.comparing(BackupLine::backupId))
                .orElse(null);
    }

    private static @Nullable String reason(NoticeBoard board, BackupId id) {
        @Nullable Notice notice = board.standing().get(id);
        return notice == null ? null : notice.reason();
    }

    private List<String> standing(Function<BackupCatalog, NoticeBoard> board) {
        return sources().stream()
                .map(workspace::catalogOf)
                .flatMap(catalog -> {
                    Set<BackupId> there = Set.copyOf(catalog.ids());
                    return board.apply(catalog).standing().keySet().stream().filter(there::contains);
                })
                .map(BackupId::value)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** The end of a window of the archived oplog, or what the newest backup shows. */
    private StatusResult.@Nullable Recoverable recoverable(@Nullable BackupLine last, List<ArchiveStatus> archives) {
        Stream<ConsistencyPoint> ends =
                archives.stream().flatMap(archive -> archive.windows().stream()).map(ArchiveStatus.Window::to);
        return Stream.concat(ends, Stream.ofNullable(last).map(BackupLine::consistencyPoint))
                .filter(Objects::nonNull)
                .map(point -> Instant.ofEpochSecond(point.t()))
                .max(Comparator.naturalOrder())
                .map(at -> {
                    @Nullable Duration target = workspace.settings().rpoTarget();
                    boolean late = target != null && age(at).compareTo(target) > 0;
                    return new StatusResult.Recoverable(
                            at, age(at).toSeconds(), target == null ? null : RecordedRun.seconds(target), late);
                })
                .orElse(null);
    }

    /** Runs that nobody works on any more, and that nobody went on with in time. */
    private long dead(List<RunLog> open) {
        Duration grace = workspace.settings().due().grace();
        return open.stream()
                .filter(run -> now.isAfter(run.lastSign().plus(grace)))
                .filter(run -> Optional.ofNullable(run.start().parameters().get("lease"))
                        .flatMap(workspace.leases()::current)
                        .isEmpty())
                .count();
    }

    private StatusResult.@Nullable NewestSeal newestSeal() {
        return sources().stream()
                .flatMap(each -> workspace.catalogOf(each).seals().list().reversed().stream()
                        .limit(1)
                        .map(at -> new StatusResult.NewestSeal(
                                each,
                                Results.point(at),
                                at.instant(),
                                age(at.instant()).toSeconds(),
                                isOverdue(age(at.instant())))))
                .max(Comparator.comparing(StatusResult.NewestSeal::sealedTime))
                .orElse(null);
    }

    private Duration age(Instant moment) {
        return Duration.between(moment, now);
    }

    /** Twice the interval: the one that is due may be under way. */
    private boolean isOverdue(Duration age) {
        return workspace
                .settings()
                .archive()
                .sealInterval()
                .filter(interval -> age.compareTo(interval.multipliedBy(2)) > 0)
                .isPresent();
    }

    private List<StatusResult.Doubt> doubts() {
        return sources().stream()
                .flatMap(each -> workspace.catalogOf(each).doubts().standing().entrySet().stream()
                        .map(doubt -> new StatusResult.Doubt(
                                each,
                                doubt.getKey().value(),
                                doubt.getValue().at(),
                                doubt.getValue().reason(),
                                StatusResult.Doubt.HINT)))
                .toList();
    }

    private List<String> sources() {
        return source == null ? BackupCatalog.sources(workspace.store()) : List.of(source);
    }

    private @Nullable Instant deletedAfter(@Nullable Notice mark) {
        return mark == null
                ? null
                : mark.at().plus(workspace.settings().retention().grace());
    }

    private BackupLine line(
            BackupCatalog catalog,
            BackupId id,
            Set<String> proven,
            @Nullable String hold,
            @Nullable Instant deletedAfter) {
        if (!catalog.isSealed(id)) {
            Optional<BackupPlan> plan = catalog.plan(id);
            return new BackupLine(
                    id.value(),
                    "unfinished",
                    catalog.source(),
                    plan.map(BackupPlan::createdAt).orElse(workspace.clocks().now()),
                    null,
                    0,
                    0,
                    0,
                    plan.map(found -> found.collections().size()).orElse(0),
                    hold,
                    deletedAfter,
                    plan.flatMap(BackupPlan::synthetic)
                            .map(StatusReader::synthetic)
                            .orElse(null));
        }
        Manifest manifest = catalog.manifest(id);
        return new BackupLine(
                id.value(),
                proven.contains(id.value()) ? "proven" : "sealed",
                catalog.source(),
                manifest.createdAt(),
                Results.point(manifest.consistencyPoint()),
                manifest.totals().documents(),
                manifest.totals().bytesRaw(),
                manifest.totals().bytesStored(),
                manifest.totals().collections(),
                hold,
                deletedAfter,
                manifest.synthetic().map(StatusReader::synthetic).orElse(null));
    }

    private static BackupLine.SyntheticLine synthetic(Synthetic how) {
        return new BackupLine.SyntheticLine(how.base().value(), how.entries());
    }

    private StatusResult.LastProven lastProven(RunRecord record) {
        long age = record.consistencyTime()
                .map(point -> Duration.between(point, workspace.clocks().now()).toSeconds())
                .orElse(0L);
        return new StatusResult.LastProven(record.backupId().orElse(""), record.finishedAt(), age);
    }

    private @Nullable String lockHolder() {
        return sources().stream()
                .flatMap(each -> lock(workspace, each).stream())
                .map(StatusReader::describe)
                .findFirst()
                .orElse(null);
    }

    /** Who holds the lock for backups of a source. */
    static Optional<HeldLease> lock(Workspace workspace, String source) {
        return workspace.leases().current("backup-" + source);
    }

    private List<ArchiveStatus> archives() {
        return sources().stream()
                .map(workspace::catalogOf)
                .flatMap(catalog -> new ArchiveStatusReader(workspace, catalog).read().stream())
                .toList();
    }

    static String describe(HeldLease lease) {
        return "%s by run %s on %s since %s"
                .formatted(
                        lease.holder().command(),
                        lease.holder().runId(),
                        lease.holder().host(),
                        lease.holder().since());
    }
}
