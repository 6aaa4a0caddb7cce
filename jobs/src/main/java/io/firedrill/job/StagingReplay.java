package io.firedrill.job;

import io.firedrill.archive.Selection;
import io.firedrill.evidence.Check;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.OplogReplay;
import io.firedrill.oplog.ReplayScope;
import io.firedrill.oplog.Replayed;
import io.firedrill.oplog.Watermarks;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a copy that was loaded from several moments to the backup's consistency point. */
final class StagingReplay {
    private final Deployment target;
    private final RestoreSource source;
    private final StagingMarker marker;
    private final Optional<PointInTime> moment;
    private final Watermarks watermarks;
    private final ReplayScope scope;

    StagingReplay(Deployment target, RestoreSource source, StagingMarker marker, Optional<PointInTime> moment) {
        this.target = target;
        this.source = source;
        this.marker = marker;
        this.moment = moment;
        this.watermarks = new Watermarks(target, marker.watermarks());
        this.scope = scope(source).telling(marker::creating);
    }

    /** Whether one that was begun and cut off can be gone on with. */
    boolean isResumable() {
        return watermarks.isResumable();
    }

    private static ReplayScope scope(RestoreSource source) {
        boolean whole = source.selection().toString().equals(Selection.EVERYTHING.toString());
        return whole
                ? new ReplayScope(source.plan(), source.segments())
                : new ReplayScope(source.plan(), source.segments(), source.narrowing()::target);
    }

    /** The collections and views that the target holds, once it has been replayed. */
    List<CollectionShape> shapes() {
        return scope.shapes();
    }

    /** How many documents each collection holds, once it has been replayed. */
    Map<Namespace, Long> documents() {
        return scope.documents();
    }

    /** Replays, and says what it came to: a divergence is thrown, so a check that is returned has passed. */
    Check replay(StepRun run) {
        List<OplogLog> logs = new ArrayList<>();
        source.manifest().oplog().ifPresent(span -> logs.add(new OplogLog(source.oplogSlices(), span)));
        moment.ifPresent(point -> logs.addAll(point.logs()));
        OpTime until = moment.map(PointInTime::reached).orElse(source.manifest().consistencyPoint());
        run.checkpoint();
        marker.replaying();
        Replayed replayed = new OplogReplay(logs, until, scope, run::checkpoint)
                .into(target, run.lanes(), watermarks, run.progress()::advance);
        scope.requireCounts(target);
        run.log()
                .note(
                        "replayed",
                        "%s to %s: %d entries; %d inserts, %d updates, %d deletes; %d transactions; %d changes of collections, indexes and views; %d operations older than their range, %d of what is left out, %d no-ops; %d operations had been applied by an attempt that was cut off"
                                .formatted(
                                        logs.getFirst().span().from(),
                                        until,
                                        replayed.entries(),
                                        replayed.inserts(),
                                        replayed.updates(),
                                        replayed.deletes(),
                                        replayed.transactions(),
                                        replayed.changes(),
                                        replayed.before(),
                                        replayed.leftOut(),
                                        replayed.noops(),
                                        replayed.repeated()));
        String all = replayed.applied() + " operations found what they must find";
        return Check.passed(
                "replay",
                "strict replay of the oplog from each range's own moment to %s: every insert inserted, every update and delete found its document"
                        .formatted(moment.isPresent() ? "the point asked for" : "the consistency point"),
                all,
                all,
                replayed.applied(),
                replayed.applied());
    }
}
