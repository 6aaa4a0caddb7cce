package io.firedrill.job;

import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Selection;
import io.firedrill.evidence.Check;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.OplogReplay;
import io.firedrill.oplog.ReplayScope;
import io.firedrill.oplog.Replayed;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingMarker;
import java.util.List;

/** Brings a copy that was loaded from several moments to the backup's consistency point. */
final class StagingReplay {
    private final Deployment target;
    private final RestoreSource source;
    private final StagingMarker marker;
    private final ReplayScope scope;

    StagingReplay(Deployment target, RestoreSource source, StagingMarker marker) {
        this.target = target;
        this.source = source;
        this.marker = marker;
        this.scope = scope(source).telling(marker::creating);
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

    /** Replays, and says what it came to: a divergence is thrown, so a check that is returned has passed. */
    Check replay(StepRun run) {
        OplogSpan span = source.manifest().oplog().orElseThrow();
        run.checkpoint();
        marker.replaying();
        Replayed replayed = new OplogReplay(
                        List.of(new OplogLog(source.oplogSlices(), span)), span.to(), scope, run::checkpoint)
                .into(target, run.lanes(), run.progress()::advance);
        scope.requireCounts(target);
        run.log()
                .note(
                        "replayed",
                        "%s to %s: %d entries; %d inserts, %d updates, %d deletes; %d transactions; %d changes of collections, indexes and views; %d operations older than their range, %d of what is left out, %d no-ops"
                                .formatted(
                                        span.from(),
                                        span.to(),
                                        replayed.entries(),
                                        replayed.inserts(),
                                        replayed.updates(),
                                        replayed.deletes(),
                                        replayed.transactions(),
                                        replayed.changes(),
                                        replayed.before(),
                                        replayed.leftOut(),
                                        replayed.noops()));
        String all = replayed.applied() + " operations found what they must find";
        return Check.passed(
                "replay",
                "strict replay of the oplog from each range's own moment to the consistency point: every insert inserted, every update and delete found its document",
                all,
                all,
                replayed.applied(),
                replayed.applied());
    }
}
