package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.OplogSpan;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.OplogCapture;
import java.util.Optional;
import java.util.SortedSet;

/** Takes the oplog along that makes one backup of what was read at several moments. */
public final class OplogOfBackup {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final Coverage coverage;
    private final Runnable checkpoint;

    public OplogOfBackup(Deployment source, BackupCatalog catalog, Coverage coverage, Runnable checkpoint) {
        this.source = source;
        this.catalog = catalog;
        this.coverage = coverage;
        this.checkpoint = checkpoint;
    }

    /**
     * Stores it.
     *
     * @param moments at which anything of the backup was read
     * @return empty if there is only one, and so nothing to be led anywhere
     */
    public Optional<OplogSpan> store(BackupPlan plan, SortedSet<OpTime> moments) {
        if (moments.size() < 2) {
            return Optional.empty();
        }
        OpTime to = moments.last();
        new SourceChange(source, plan.id().value()).requireNone(coverage, plan.at(), to);
        return Optional.of(new OplogCapture(source, catalog.oplog(plan.id()), OplogCapture.SLICE_BYTES, checkpoint)
                .capture(moments.first(), to));
    }
}
