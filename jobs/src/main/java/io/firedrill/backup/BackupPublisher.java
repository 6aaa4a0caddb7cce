package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Manifest.PartRef;
import io.firedrill.archive.Manifest.Totals;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Seals a backup: looks at every object in the store, and writes the manifest last. */
public final class BackupPublisher {
    private final BackupCatalog catalog;
    private final Runnable checkpoint;

    public BackupPublisher(BackupCatalog catalog, Runnable checkpoint) {
        this.catalog = catalog;
        this.checkpoint = checkpoint;
    }

    /** Looks whether everything that a unit's part names lies in the store, with the size it should have. */
    public void seal(BackupPlan plan) {
        Requests.all(plan.units(), unit -> {
            seal(plan, unit);
            return unit;
        });
    }

    private void seal(BackupPlan plan, Unit unit) {
        checkpoint.run();
        List<Segment> segments = requiredPart(plan, unit).segments();
        catalog.sweeps().requireUntouched(segments);
        segments.forEach(catalog.segments()::requirePresent);
    }

    /**
     * Writes the manifest, unless an earlier attempt did.
     *
     * @param oplog that leads from the oldest moment at which anything was read to the newest, if there is more than one
     */
    public Manifest publish(BackupPlan plan, Optional<OplogSpan> oplog, Instant now) {
        if (catalog.isSealed(plan.id())) {
            return catalog.manifest(plan.id());
        }
        List<Segment> segments = segments(plan);
        List<PartRef> refs = Requests.all(plan.units(), unit -> catalog.partRef(plan.id(), unit.id()));
        var manifest = new Manifest(
                plan.id(),
                plan.source(),
                oplog.map(OplogSpan::to).orElse(plan.at()),
                plan.createdAt(),
                now,
                catalog.planSha256(plan.id()),
                refs,
                totals(plan, segments, oplog.map(OplogSpan::bytesStored).orElse(0L)),
                oplog,
                keys(Stream.concat(segments.stream(), slices(oplog))),
                plan.synthetic());
        oplog.ifPresent(span -> requirePresent(plan, span));
        requireMoments(manifest, segments);
        catalog.keys().requireForAll(manifest.keys());
        requireWanted(plan);
        checkpoint.run();
        catalog.write(manifest);
        withdrawUnlessWanted(plan);
        return manifest;
    }

    private void requirePresent(BackupPlan plan, OplogSpan span) {
        span.slices().forEach(slice -> catalog.oplog(plan.id()).requirePresent(slice.stored()));
    }

    /** What no oplog leads to the consistency point must have been read at it. */
    private static void requireMoments(Manifest manifest, List<Segment> segments) {
        OpTime from = manifest.oplog().map(OplogSpan::from).orElse(manifest.consistencyPoint());
        for (Segment segment : segments) {
            if (segment.at().compareTo(from) < 0 || segment.at().compareTo(manifest.consistencyPoint()) > 0) {
                throw new IllegalStateException("a segment was read at %s, outside of what leads from %s to %s"
                        .formatted(segment.at(), from, manifest.consistencyPoint()));
            }
        }
    }

    /** The moments at which anything of a backup was read, oldest first. */
    public SortedSet<OpTime> moments(BackupPlan plan) {
        SortedSet<OpTime> moments = new TreeSet<>();
        segments(plan).forEach(segment -> moments.add(segment.at()));
        return moments;
    }

    private List<Segment> segments(BackupPlan plan) {
        return Requests.all(plan.units(), unit -> requiredPart(plan, unit)).stream()
                .flatMap(part -> part.segments().stream())
                .toList();
    }

    /** A backup that was taken for a leftover loses its parts any moment, so it must not be sealed. */
    private void requireWanted(BackupPlan plan) {
        // A mark goes after the plan went: without either, nobody has taken this backup for a leftover.
        if (catalog.marks().standing(plan.id()).isPresent()
                || !catalog.objects().isPlanned(plan.id())) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "backup %s was marked for deletion before it was sealed".formatted(plan.id()),
                    "Start a new backup, and find out what kept this one from ending for so long.");
        }
    }

    /** A prune may have looked for the manifest just before it was there; one of the two sees the other. */
    private void withdrawUnlessWanted(BackupPlan plan) {
        try {
            requireWanted(plan);
        } catch (Failure swept) {
            catalog.objects().delete(catalog.manifestKey(plan.id()));
            throw swept;
        }
    }

    private Part requiredPart(BackupPlan plan, Unit unit) {
        return catalog.part(plan.id(), unit.id())
                .orElseThrow(() -> new Failure(
                        FailureKind.BACKUP_DAMAGED,
                        "unit %s of backup %s has no part in the store".formatted(unit.id(), plan.id()),
                        "Run the backup again: it goes on with the missing units."));
    }

    private static List<String> keys(Stream<Segment> segments) {
        return segments.flatMap(segment -> segment.objects().stream())
                .flatMap(segment -> segment.sealed().stream())
                .map(Segment.Sealed::keyId)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<Segment> slices(Optional<OplogSpan> oplog) {
        return oplog.stream().flatMap(span -> span.slices().stream()).map(OplogSpan.Slice::stored);
    }

    private static Totals totals(BackupPlan plan, List<Segment> segments, long bytesOfOplog) {
        List<Segment> objects =
                segments.stream().flatMap(segment -> segment.objects().stream()).toList();
        return new Totals(
                plan.collections().size(),
                segments.stream().mapToLong(Segment::documentsOfRange).sum(),
                objects.stream().mapToLong(Segment::bytesRaw).sum(),
                bytesOfOplog + objects.stream().mapToLong(Segment::bytesStored).sum(),
                bytesOfOplog
                        + objects.stream()
                                .filter(segment -> !segment.reused())
                                .mapToLong(Segment::bytesStored)
                                .sum(),
                segments.size(),
                segments.stream().filter(Segment::reused).count());
    }
}
