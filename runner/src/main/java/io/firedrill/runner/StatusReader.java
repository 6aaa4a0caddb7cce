package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Notice;
import io.firedrill.archive.Synthetic;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.storage.Leases.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells how things stand, from the store alone. */
final class StatusReader {
    private final Workspace workspace;
    private final List<RunRecord> records;

    StatusReader(Workspace workspace) {
        this.workspace = workspace;
        try (var all = workspace.ledger().records()) {
            this.records = all.toList();
        }
    }

    List<BackupLine> backups() {
        Set<String> proven = Proofs.provenBy(records);
        List<BackupLine> lines = new ArrayList<>();
        for (String source : sources()) {
            var catalog = workspace.catalogOf(source);
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
        List<BackupLine> backups = backups();
        @Nullable
        BackupLine last = backups.stream()
                .filter(line -> !line.state().equals("unfinished"))
                .findFirst()
                .orElse(null);
        Optional<RunRecord> proof = newest(Proofs::isProof);
        Optional<RunRecord> drill = newest(record -> record.kind() == RunKind.DRILL);
        int open = RunLog.open(workspace.store(), workspace.clocks()).size();
        return new StatusResult(
                verdict(last, proof),
                last,
                proof.map(this::lastProven).orElse(null),
                drill.map(record -> new StatusResult.LastDrill(
                                record.outcome().name(), Results.rto(record), record.finishedAt(), record.isPartial()))
                        .orElse(null),
                lockHolder(),
                open,
                nextStep(last, proof),
                ids(backups, line -> line.hold() != null),
                ids(backups, line -> line.deletedAfter() != null),
                newestSeal(),
                doubts(),
                archives());
    }

    private StatusResult.@Nullable NewestSeal newestSeal() {
        return sources().stream()
                .flatMap(source -> workspace.catalogOf(source).seals().list().reversed().stream()
                        .limit(1)
                        .map(at -> new StatusResult.NewestSeal(
                                source,
                                Results.point(at),
                                at.instant(),
                                age(at.instant()).toSeconds(),
                                isOverdue(age(at.instant())))))
                .max(Comparator.comparing(StatusResult.NewestSeal::sealedTime))
                .orElse(null);
    }

    private Duration age(Instant moment) {
        return Duration.between(moment, workspace.clocks().now());
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
                .flatMap(source -> workspace.catalogOf(source).doubts().standing().entrySet().stream()
                        .map(doubt -> new StatusResult.Doubt(
                                source,
                                doubt.getKey().value(),
                                doubt.getValue().at(),
                                doubt.getValue().reason(),
                                StatusResult.Doubt.HINT)))
                .toList();
    }

    private static List<String> ids(List<BackupLine> backups, Predicate<BackupLine> wanted) {
        return backups.stream().filter(wanted).map(BackupLine::backupId).toList();
    }

    private List<String> sources() {
        String named = workspace.settings().sourceName();
        return named == null ? BackupCatalog.sources(workspace.store()) : List.of(named);
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

    private Optional<RunRecord> newest(Predicate<RunRecord> matching) {
        return records.reversed().stream().filter(matching).findFirst();
    }

    private StatusResult.LastProven lastProven(RunRecord record) {
        long age = record.consistencyTime()
                .map(point -> Duration.between(point, workspace.clocks().now()).toSeconds())
                .orElse(0L);
        return new StatusResult.LastProven(record.backupId().orElse(""), record.finishedAt(), age);
    }

    private @Nullable String lockHolder() {
        return sources().stream()
                .flatMap(source -> workspace.leases().current("backup-" + source).stream())
                .map(StatusReader::describe)
                .findFirst()
                .orElse(null);
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

    private static String verdict(@Nullable BackupLine last, Optional<RunRecord> proof) {
        if (last == null) {
            return "no sealed backup: nothing can be restored";
        }
        return proof.isEmpty()
                ? "backed up, never proven: no restore has shown that it comes back"
                : last.state().equals("proven")
                        ? "the newest backup is proven"
                        : "the newest backup is sealed but not proven; an older one is";
    }

    private static String nextStep(@Nullable BackupLine last, Optional<RunRecord> proof) {
        if (last == null) {
            return "Run 'firedrill backup'.";
        }
        return proof.isPresent() && last.state().equals("proven")
                ? "Nothing to do until the next backup."
                : "Run 'firedrill drill' to prove it.";
    }
}
