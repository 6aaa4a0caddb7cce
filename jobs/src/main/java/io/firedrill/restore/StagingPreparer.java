package io.firedrill.restore;

import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingMarker.Mark;
import io.firedrill.restore.StagingMarker.State;

/** The first and the last write into a target. */
public final class StagingPreparer {
    private final Deployment target;
    private final StagingMarker marker;

    public StagingPreparer(Deployment target, StagingMarker marker) {
        this.target = target;
        this.marker = marker;
    }

    /** The target as the guard wants to see it; only reads. */
    public StagingGuard.Target look() {
        return new StagingGuard.Target(target.identity(), new CatalogReader(target).databases(), marker.read());
    }

    /**
     * Claims the target for a run, and stops what would change restored documents. What an earlier attempt called ready
     * is not, until this one has proven it again.
     */
    public void claim(String runId, String backupId, String selection, long startedAtMillis) {
        var ttl = new TtlMonitor(target);
        marker.write(marker.read()
                .map(mark -> mark.in(State.LOADING))
                .orElseGet(() -> new Mark(runId, backupId, selection, State.LOADING, startedAtMillis, ttl.isOn())));
        ttl.set(false);
    }

    /** Says that the restore is complete and proven. */
    public void ready() {
        Mark mark = marker.read().orElseThrow();
        marker.write(mark.in(State.READY));
        if (mark.ttlMonitor()) {
            new TtlMonitor(target).set(true);
        }
    }
}
