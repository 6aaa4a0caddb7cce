package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How one source stands: what there is of it in the store, and what its runs came to. */
final class SourceStatus {
    private final Workspace workspace;
    private final String source;
    private final Glance glance;
    private final Instant now;
    private final @Nullable BackupLine lastBackup;
    private final @Nullable BackupLine lastGood;
    private final List<String> refuted;
    private final List<String> held;
    private final List<String> marked;
    private final List<ArchiveStatus> archives;
    private final StatusResult.@Nullable NewestSeal seal;
    private final List<StatusResult.Doubt> doubts;
    private final Optional<RunRecord> proof;
    private final Optional<RunRecord> drill;

    /**
     * @param glance of the runs of this source
     * @param stored whether the store holds anything of it
     */
    SourceStatus(Workspace workspace, String source, boolean stored, Glance glance, Instant now) {
        this.workspace = workspace;
        this.source = source;
        this.glance = glance;
        this.now = now;
        Optional<BackupLines> backups =
                stored ? Optional.of(new BackupLines(workspace, glance, source)) : Optional.empty();
        this.lastBackup = backups.flatMap(BackupLines::newestSealed).orElse(null);
        this.lastGood = backups.flatMap(BackupLines::newestUnrefuted).orElse(null);
        this.refuted = backups.map(BackupLines::refuted).orElse(List.of());
        this.held = backups.map(BackupLines::held).orElse(List.of());
        this.marked = backups.map(BackupLines::marked).orElse(List.of());
        Optional<BackupCatalog> catalog = stored ? Optional.of(workspace.catalogOf(source)) : Optional.empty();
        this.archives = catalog.flatMap(each -> new ArchiveStatusReader(workspace, each).read()).stream()
                .toList();
        this.seal = catalog.flatMap(this::newestSeal).orElse(null);
        this.doubts = catalog.map(this::doubts).orElse(List.of());
        this.proof = glance.newestProof();
        this.drill = glance.newestDrill();
    }

    StatusResult.OfSource result(StatusVerdict.State state) {
        return new StatusResult.OfSource(
                source,
                state.name(),
                lastBackup,
                proof.map(this::lastProven).orElse(null),
                drill.map(SourceStatus::lastDrill).orElse(null),
                recoverable(),
                seal,
                lock().orElse(null));
    }

    String source() {
        return source;
    }

    Glance glance() {
        return glance;
    }

    @Nullable
    BackupLine lastBackup() {
        return lastBackup;
    }

    /** Backups that a run has refuted and that are still there, the newest first. */
    List<String> refuted() {
        return refuted;
    }

    List<String> held() {
        return held;
    }

    List<String> marked() {
        return marked;
    }

    Optional<RunRecord> proof() {
        return proof;
    }

    Optional<RunRecord> drill() {
        return drill;
    }

    List<ArchiveStatus> archives() {
        return archives;
    }

    List<StatusResult.Doubt> doubts() {
        return doubts;
    }

    StatusResult.@Nullable NewestSeal seal() {
        return seal;
    }

    /** Who holds the lock for its backups, in words. */
    Optional<String> lock() {
        return source.isEmpty()
                ? Optional.empty()
                : StatusReader.lock(workspace, source).map(StatusReader::describe);
    }

    /** The end of a window of the archived oplog, or what the newest backup shows that was not refuted. */
    StatusResult.@Nullable Recoverable recoverable() {
        Stream<ConsistencyPoint> ends =
                archives.stream().flatMap(archive -> archive.windows().stream()).map(ArchiveStatus.Window::to);
        return Stream.concat(ends, Stream.ofNullable(lastGood).map(BackupLine::consistencyPoint))
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

    private Optional<StatusResult.NewestSeal> newestSeal(BackupCatalog catalog) {
        return catalog.seals().list().reversed().stream()
                .findFirst()
                .map(at -> new StatusResult.NewestSeal(
                        source,
                        Results.point(at),
                        at.instant(),
                        age(at.instant()).toSeconds(),
                        isOverdue(age(at.instant()))));
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

    private List<StatusResult.Doubt> doubts(BackupCatalog catalog) {
        return catalog.doubts().standing().entrySet().stream()
                .map(doubt -> new StatusResult.Doubt(
                        source,
                        doubt.getKey().value(),
                        doubt.getValue().at(),
                        doubt.getValue().reason(),
                        StatusResult.Doubt.HINT))
                .toList();
    }

    private StatusResult.LastProven lastProven(RunRecord record) {
        long age = record.consistencyTime().map(point -> age(point).toSeconds()).orElse(0L);
        return new StatusResult.LastProven(record.backupId().orElse(""), record.finishedAt(), age);
    }

    private static StatusResult.LastDrill lastDrill(RunRecord record) {
        return new StatusResult.LastDrill(
                record.outcome().name(), Results.rto(record), record.finishedAt(), record.isPartial());
    }

    private Duration age(Instant moment) {
        return Duration.between(moment, now);
    }
}
