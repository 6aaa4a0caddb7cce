package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Notice;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.oplog.OplogWalk;
import io.firedrill.oplog.OplogWalk.Walked;
import io.firedrill.oplog.TouchedRanges;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds the ranges of a plan that hold what they held at the last sealed backup, told from the oplog in between. When in
 * doubt, a range is read: whatever the oplog holds that is not understood, and whatever cannot be found, is such a doubt.
 */
public final class UntouchedRanges {
    /** So much oplog is walked however little data there is. */
    private static final long OPLOG_BYTES_MIN = 64L << 20;

    private final Deployment reader;
    private final BackupCatalog catalog;
    private final KnownSegments known;
    private final DeltaLimits limits;
    private final Runnable checkpoint;

    /**
     * @param reader the member whose oplog is read
     * @param known the last sealed backup
     * @param limits within which a range is not read whole
     * @param checkpoint called often; throws when the run must not go on
     */
    public UntouchedRanges(
            Deployment reader, BackupCatalog catalog, KnownSegments known, DeltaLimits limits, Runnable checkpoint) {
        this.reader = reader;
        this.catalog = catalog;
        this.known = known;
        this.limits = limits;
        this.checkpoint = checkpoint;
    }

    /** Looks; reads nothing of the source but its oplog. */
    public Untouched of(BackupPlan plan) {
        Map<BackupId, Notice> doubts = catalog.doubts().standing();
        if (!doubts.isEmpty()) {
            return Untouched.none("backup %s found changed what the oplog had called untouched"
                    .formatted(doubts.keySet().iterator().next()));
        }
        Map<UUID, List<Segment>> before = before(plan);
        if (before.isEmpty()) {
            return Untouched.none("no collection of it lies in an earlier backup");
        }
        var touched = new TouchedRanges(before, sequences(plan), limits);
        Walked walked = walk(plan, before.values(), touched);
        if (!walked.whole() || touched.doubt().isPresent()) {
            return Untouched.none(
                    touched.doubt().filter(doubt -> walked.whole()).orElse(walked.story()));
        }
        List<Range> all =
                plan.units().stream().flatMap(unit -> unit.ranges().stream()).toList();
        List<Found> found = Requests.all(all, new Search(plan, before, touched)::of);
        return untouched(all, found, "%d oplog entries looked at, from %s".formatted(walked.entries(), walked.story()));
    }

    private Walked walk(BackupPlan plan, Collection<List<Segment>> before, TouchedRanges touched) {
        OpTime from = before.stream()
                .flatMap(List::stream)
                .map(Segment::at)
                .min(OpTime::compareTo)
                .orElseThrow();
        long bytes = before.stream().mapToLong(Untouched::bytesOf).sum();
        return new OplogWalk(catalog.oplog(), reader, plan.identity(), Math.max(OPLOG_BYTES_MIN, bytes), checkpoint)
                .walk(from, plan.at(), touched);
    }

    /** What the last backup has of the collections in question. */
    private Map<UUID, List<Segment>> before(BackupPlan plan) {
        Map<UUID, List<Segment>> before = new HashMap<>();
        for (CollectionShape shape : plan.collections()) {
            shape.uuid()
                    .filter(uuid -> isInQuestion(shape) && known.byCollection().containsKey(uuid))
                    .ifPresent(uuid -> before.put(uuid, known.byCollection().getOrDefault(uuid, List.of())));
        }
        return before;
    }

    /** Capped collections were read with the plan, and users and roles are too few to be worth a thought. */
    private static boolean isInQuestion(CollectionShape shape) {
        return shape.hasDocuments() && !shape.isCapped() && !shape.namespace().isAccess();
    }

    private static Set<UUID> sequences(BackupPlan plan) {
        return plan.collections().stream()
                .filter(CollectionShape::isSequence)
                .flatMap(shape -> shape.uuid().stream())
                .collect(Collectors.toSet());
    }

    /** What need not be read of a range, or not whole: the one or the other, or neither. */
    private record Found(List<Segment> same, Optional<PlannedDelta> delta) {
        private static final Found NONE = new Found(List.of(), Optional.empty());
    }

    private static Untouched untouched(List<Range> all, List<Found> found, String story) {
        Map<Range, List<Segment>> ranges = new HashMap<>();
        Map<Range, PlannedDelta> deltas = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Range range = all.get(i);
            if (!found.get(i).same().isEmpty()) {
                ranges.put(range, found.get(i).same());
            }
            found.get(i).delta().ifPresent(delta -> deltas.put(range, delta));
        }
        return new Untouched(ranges, deltas, story);
    }

    /** Looks into what was found touched, and into the store. */
    private final class Search {
        private final BackupPlan plan;
        private final TouchedRanges touched;
        private final Counterparts counterparts;

        private Search(BackupPlan plan, Map<UUID, List<Segment>> before, TouchedRanges touched) {
            this.plan = plan;
            this.touched = touched;
            this.counterparts = new Counterparts(before);
        }

        Found of(Range range) {
            CollectionShape shape = plan.collections().get(range.collection());
            List<Segment> same = counterparts.of(range, shape);
            boolean untouched = same.stream()
                    .allMatch(segment -> touched.isUntouched(shape.uuid().orElseThrow(), segment)
                            && catalog.segments().hasAsNow(segment));
            if (untouched) {
                return new Found(again(same, range, plan.at()), Optional.empty());
            }
            return same.size() == 1
                    ? new Found(List.of(), delta(shape.uuid().orElseThrow(), same.getFirst()))
                    : Found.NONE;
        }

        private Optional<PlannedDelta> delta(UUID collection, Segment segment) {
            Segment base = segment.whole();
            return touched.changed(collection, segment)
                    .filter(_ -> catalog.segments().hasAsNow(base))
                    .map(changed -> new PlannedDelta(base, changed.ids().orElseThrow(), changed.leftOut()));
        }
    }

    private static List<Segment> again(List<Segment> same, Range range, OpTime at) {
        return same.stream()
                .map(segment -> segment.again(range.collection(), at))
                .toList();
    }
}
