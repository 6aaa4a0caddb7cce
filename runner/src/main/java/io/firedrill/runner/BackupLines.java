package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Notice;
import io.firedrill.archive.Synthetic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes lines of the backups of one source: what each holds, and whether it was shown to come back. */
final class BackupLines {
    private final Workspace workspace;
    private final Glance glance;
    private final BackupCatalog catalog;
    private final List<BackupId> ids;
    private final Map<BackupId, Notice> holds;
    private final Map<BackupId, Notice> marks;

    BackupLines(Workspace workspace, Glance glance, String source) {
        this.workspace = workspace;
        this.glance = glance;
        this.catalog = workspace.catalogOf(source);
        this.ids = catalog.ids();
        this.holds = catalog.holds().standing();
        this.marks = catalog.marks().standing();
    }

    /** Of all that were begun, the oldest first. */
    List<BackupLine> all() {
        var lines = new ArrayList<BackupLine>();
        ids.forEach(id -> lines.add(catalog.isSealed(id) ? sealed(id) : unfinished(id)));
        return lines;
    }

    /** Of the newest sealed one, without a look into any other. */
    Optional<BackupLine> newestSealed() {
        return ids.reversed().stream().filter(catalog::isSealed).findFirst().map(this::sealed);
    }

    /** Of the newest sealed one that no run has refuted. */
    Optional<BackupLine> newestUnrefuted() {
        return ids.reversed().stream()
                .filter(id -> !glance.proof(id.value()).isRefuted())
                .filter(catalog::isSealed)
                .findFirst()
                .map(this::sealed);
    }

    /** The ids of those that a run has refuted and that are still there, the newest first. */
    List<String> refuted() {
        return ids.reversed().stream()
                .map(BackupId::value)
                .filter(id -> glance.wasRefuted(id) && glance.proof(id).isRefuted())
                .toList();
    }

    /** The ids of those under legal hold, the newest first. */
    List<String> held() {
        return standing(holds);
    }

    /** The ids of those that prune will delete, the newest first. */
    List<String> marked() {
        return standing(marks);
    }

    private List<String> standing(Map<BackupId, Notice> notices) {
        return ids.reversed().stream()
                .filter(notices::containsKey)
                .map(BackupId::value)
                .toList();
    }

    private BackupLine unfinished(BackupId id) {
        Optional<BackupPlan> plan = catalog.plan(id);
        return new BackupLine(
                id.value(),
                BackupLine.UNFINISHED,
                catalog.source(),
                plan.map(BackupPlan::createdAt).orElse(workspace.clocks().now()),
                null,
                0,
                0,
                0,
                plan.map(found -> found.collections().size()).orElse(0),
                hold(id),
                deletedAfter(id),
                plan.flatMap(BackupPlan::synthetic).map(BackupLines::synthetic).orElse(null));
    }

    private BackupLine sealed(BackupId id) {
        Manifest manifest = catalog.manifest(id);
        return new BackupLine(
                id.value(),
                state(id),
                catalog.source(),
                manifest.createdAt(),
                Results.point(manifest.consistencyPoint()),
                manifest.totals().documents(),
                manifest.totals().bytesRaw(),
                manifest.totals().bytesStored(),
                manifest.totals().collections(),
                hold(id),
                deletedAfter(id),
                manifest.synthetic().map(BackupLines::synthetic).orElse(null));
    }

    private String state(BackupId id) {
        return switch (glance.proof(id.value()).state()) {
            case PROVEN -> BackupLine.PROVEN;
            case REFUTED -> BackupLine.REFUTED;
            case PARTLY -> BackupLine.PARTLY;
            case UNPROVEN -> BackupLine.SEALED;
        };
    }

    private @Nullable String hold(BackupId id) {
        @Nullable Notice notice = holds.get(id);
        return notice == null ? null : notice.reason();
    }

    private @Nullable Instant deletedAfter(BackupId id) {
        @Nullable Notice mark = marks.get(id);
        return mark == null
                ? null
                : mark.at().plus(workspace.settings().retention().grace());
    }

    private static BackupLine.SyntheticLine synthetic(Synthetic how) {
        return new BackupLine.SyntheticLine(how.base().value(), how.entries());
    }
}
