package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.backup.Untouched;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.PassedOver;
import io.firedrill.restore.RestoreSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users and roles of a backup, for a later one that is made out of it: no replay touches them, so they are taken over as they
 * lie in the store, and only if no entry since has touched them.
 */
final class CarriedAccess {
    private final BackupCatalog catalog;
    private final RestoreSource base;
    private final Map<Namespace, List<Segment>> segments = new HashMap<>();
    private final Optional<String> left;

    /**
     * @param since what the archived oplog from the base on tells
     */
    CarriedAccess(BackupCatalog catalog, RestoreSource base, PassedOver since) {
        this.catalog = catalog;
        this.base = base;
        for (String unit : base.accessUnits()) {
            for (Segment segment : base.part(unit).segments()) {
                Namespace name =
                        base.plan().collections().get(segment.collection()).namespace();
                segments.computeIfAbsent(name, _ -> new ArrayList<>()).add(segment);
            }
        }
        this.left = reasonToLeave(since);
    }

    /** Even a base without any may not stand for a source that has some by now. */
    private Optional<String> reasonToLeave(PassedOver since) {
        return since.access()
                .or(this::changedWithinBase)
                .map(
                        "users or roles were changed at %s, which a replay does not follow: left out, not carried over"
                                ::formatted);
    }

    /** A base that was read at several moments read them at one of these. */
    private Optional<OpTime> changedWithinBase() {
        OpTime read = segments.values().stream()
                .flatMap(List::stream)
                .map(Segment::at)
                .min(OpTime::compareTo)
                .orElse(base.plan().at());
        return base.manifest()
                .oplog()
                .flatMap(span -> PassedOver.of(new OplogLog(base.oplogSlices(), span), read)
                        .access());
    }

    /** The collections to put into the plan; none where they are left out, or the base has none. */
    List<CollectionShape> shapes() {
        return left.isPresent()
                ? List.of()
                : base.plan().collections().stream()
                        .filter(shape -> segments.containsKey(shape.namespace()))
                        .toList();
    }

    /** What is not carried over, and why not; what the base had left out is named by the base. */
    List<Excluded> excluded() {
        List<String> before =
                base.plan().excluded().stream().map(Excluded::namespace).toList();
        return left.stream()
                .flatMap(why -> Stream.of(Namespace.ROLES, Namespace.USERS)
                        .map(Namespace::toString)
                        .filter(name -> !before.contains(name))
                        .map(name -> new Excluded(name, why)))
                .toList();
    }

    /** The segments that stand for the ranges of a plan, so that nobody reads them. */
    Untouched in(BackupPlan plan) {
        Map<Range, List<Segment>> carried = new HashMap<>();
        plan.units().stream().flatMap(unit -> unit.ranges().stream()).forEach(range -> {
            Namespace name = plan.collections().get(range.collection()).namespace();
            if (name.isAccess()) {
                carried.put(
                        range,
                        segments.getOrDefault(name, List.of()).stream()
                                .map(segment -> taken(segment, range.collection(), plan.at()))
                                .toList());
            }
        });
        return new Untouched(carried, "users and roles as the base holds them");
    }

    /** As it lies there, or stored anew where the base was encrypted otherwise than this backup is. */
    private Segment taken(Segment segment, int position, OpTime at) {
        if (catalog.segments().hasAsNow(segment)) {
            return segment.again(position, at);
        }
        var writer = new SegmentWriter();
        catalog.segments().fetch(segment).forEachDocument(writer::add);
        return catalog.segments().put(writer, Map.of()).segment(position, segment.min(), segment.max(), at, writer);
    }
}
