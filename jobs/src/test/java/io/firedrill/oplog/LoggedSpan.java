package io.firedrill.oplog;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened on a source between two moments, stored in a folder, for replays into copies that hold what it held at the first. */
final class LoggedSpan implements AutoCloseable {
    static final Namespace WATERMARKS = new Namespace(CatalogReader.OWN_DATABASE, "watermarks");
    private static final BackupId ID = BackupId.of(Instant.EPOCH, 1);
    private static final int SLICE_BYTES = 64 << 10;

    private final Deployment source;
    private final OpTime from;
    private final ObjectStore store;
    private final OplogLog log;

    LoggedSpan(Deployment source, OpTime from, OpTime to, Path folder) {
        this.source = source;
        this.from = from;
        this.store = ObjectStores.directory(folder);
        SegmentStore slices = new BackupCatalog(store, "source").oplog(ID);
        OplogSpan span = new OplogCapture(source, slices, SLICE_BYTES, () -> {}).capture(from, to);
        this.log = new OplogLog(slices, span);
    }

    int slices() {
        return log.span().slices().size();
    }

    /**
     * A replay of it.
     *
     * @param checkpoint called once a slice
     */
    OplogReplay replay(Runnable checkpoint) {
        List<CollectionShape> shapes = new CatalogReader(source).read();
        var plan = new BackupPlan(ID, "source", source.identity(), from, Instant.EPOCH, shapes, List.of(), List.of());
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            segments.add(
                    new Segment(i, Optional.empty(), Optional.empty(), from, 0, 0, 0, "", "", false, Optional.empty()));
        }
        return new OplogReplay(List.of(log), log.span().to(), new ReplayScope(plan, segments), checkpoint);
    }

    static Watermarks watermarks(Deployment target) {
        return new Watermarks(target, WATERMARKS);
    }

    @Override
    public void close() {
        store.close();
    }
}
