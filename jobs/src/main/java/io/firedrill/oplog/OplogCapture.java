package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the span of a source's oplog that a backup of several moments needs. Not safe for use by several threads. */
public final class OplogCapture {
    /** Of raw entries; one entry of the largest kind comes on top. */
    public static final long SLICE_BYTES = 16L << 20;

    private final Deployment source;
    private final SegmentStore store;
    private final long sliceBytes;
    private final Runnable checkpoint;
    private final List<Slice> slices = new ArrayList<>();
    private SegmentWriter writer = new SegmentWriter();
    private @Nullable OpTime first;
    private @Nullable OpTime last;

    /**
     * @param checkpoint called before each slice is stored; throws when the run must not go on
     */
    public OplogCapture(Deployment source, SegmentStore store, long sliceBytes, Runnable checkpoint) {
        this.source = source;
        this.store = store;
        this.sliceBytes = sliceBytes;
        this.checkpoint = checkpoint;
    }

    /**
     * Stores what lies between two fences of ours, both of which are entries themselves: if the first and the last entry
     * that come back are the ones asked for, nothing is missing.
     */
    public OplogSpan capture(OpTime from, OpTime to) {
        OpTime begin = new OplogScan(from, to).oldestPart(source).orElseThrow(() -> gone(from));
        new OplogScan(begin, to).read(source, this::add);
        store();
        var span = new OplogSpan(from, slices);
        if (slices.isEmpty()
                || !slices.getFirst().first().equals(begin)
                || !span.to().equals(to)) {
            throw gone(begin);
        }
        return span;
    }

    private void add(byte[] bytes, int offset, int length) {
        OpTime at = OplogEntry.timeOf(bytes, offset, length);
        if (writer.documents() > 0 && writer.bytesRaw() + length > sliceBytes) {
            store();
        }
        first = first == null ? at : first;
        last = at;
        writer.add(bytes, offset, length);
    }

    private void store() {
        if (first == null || last == null) {
            return;
        }
        checkpoint.run();
        SegmentStore.Stored stored = store.put(writer, Map.of());
        slices.add(new Slice(first, stored.segment(0, Optional.empty(), Optional.empty(), last, writer)));
        writer = new SegmentWriter();
        first = null;
        last = null;
    }

    private Failure gone(OpTime begin) {
        return new Failure(
                FailureKind.SOURCE_UNSUITABLE,
                "the oplog of %s %s no longer reaches back to %s, where the backup begins"
                        .formatted(source.role(), source.hosts(), begin),
                "Make the oplog larger (replSetResizeOplog), or raise minSnapshotHistoryWindowInSeconds above the duration of a backup, and back up again.");
    }
}
