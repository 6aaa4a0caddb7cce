package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.backup.SourceContents.Contents;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides what a backup holds, and in which units it is read. */
public final class BackupPlanner {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final SourceContents reader;
    private final Runnable checkpoint;

    /**
     * @param checkpoint called often while capped collections are read; throws when the run must not go on
     */
    public BackupPlanner(
            Deployment source, BackupCatalog catalog, SegmentSize size, Coverage coverage, Runnable checkpoint) {
        this.source = source;
        this.catalog = catalog;
        this.size = size;
        this.reader = new SourceContents(source, catalog, coverage);
        this.checkpoint = checkpoint;
    }

    /** Writes the plan of this backup, unless an earlier attempt did, and the parts of the capped collections before it. */
    public BackupPlan plan(BackupId id, Instant now) {
        return catalog.plan(id).orElseGet(() -> {
            try (var capped = new CappedSnapshot(source)) {
                Contents contents = reader.read(id.value(), capped);
                return new SourceChange(source, id.value())
                        .naming(contents.at(), () -> write(id, now, contents, capped));
            }
        });
    }

    private BackupPlan write(BackupId id, Instant now, Contents contents, CappedSnapshot capped) {
        KnownSegments known = KnownSegments.of(catalog);
        var dumper = new CappedDumper(capped, catalog.segments(), known, size, checkpoint);
        Map<Integer, List<Segment>> sequences = dump(contents, dumper);
        capped.close();
        reader.requireInPlace(id.value(), contents);
        BackupPlan plan = plan(id, now, contents, known);
        catalog.remember(plan.identity());
        parts(plan, sequences).forEach(catalog::write);
        catalog.write(plan);
        return plan;
    }

    /** Makes the plan and writes nothing. */
    public BackupPlan draft(BackupId id, Instant now) {
        try (var capped = new CappedSnapshot(source)) {
            return plan(id, now, reader.read(id.value(), capped), KnownSegments.of(catalog));
        }
    }

    private static Map<Integer, List<Segment>> dump(Contents contents, CappedDumper dumper) {
        Map<Integer, List<Segment>> segments = new HashMap<>();
        for (int i = 0; i < contents.collections().size(); i++) {
            CollectionShape shape = contents.collections().get(i);
            if (shape.isCapped()) {
                segments.put(i, dumper.dump(i, shape, contents.at()));
            }
        }
        return segments;
    }

    private BackupPlan plan(BackupId id, Instant now, Contents contents, KnownSegments known) {
        List<Unit> units = new UnitPlanner(source, known, size).units(contents.collections());
        return new BackupPlan(
                id,
                catalog.source(),
                contents.identity(),
                contents.at(),
                now,
                contents.collections(),
                units,
                contents.excluded());
    }

    /** The parts of the units whose collections were read already. */
    private static List<Part> parts(BackupPlan plan, Map<Integer, List<Segment>> sequences) {
        return plan.units().stream()
                .filter(unit -> unit.ranges().stream().allMatch(range -> sequences.containsKey(range.collection())))
                .map(unit -> new Part(
                        plan.id(),
                        unit.id(),
                        unit.ranges().stream()
                                .flatMap(range -> sequences.getOrDefault(range.collection(), List.of()).stream())
                                .toList()))
                .toList();
    }
}
