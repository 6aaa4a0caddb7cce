package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.SegmentStore;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import java.util.ArrayList;
import java.util.List;

/** Stores the span of a source's oplog that a backup of several moments needs. Not safe for use by several threads. */
public final class OplogCapture {
    /** Of raw entries; one entry of the largest kind comes on top. */
    public static final long SLICE_BYTES = SliceBuffer.BYTES_MAX;

    private final Deployment source;
    private final SegmentStore store;
    private final Runnable checkpoint;
    private final List<Slice> slices = new ArrayList<>();
    private final SliceBuffer buffer;

    /**
     * @param checkpoint called before each slice is stored; throws when the run must not go on
     */
    public OplogCapture(Deployment source, SegmentStore store, long sliceBytes, Runnable checkpoint) {
        this.source = source;
        this.store = store;
        this.buffer = new SliceBuffer(sliceBytes);
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
        if (buffer.isFullFor(length)) {
            store();
        }
        buffer.add(OplogEntry.timeOf(bytes, offset, length), bytes, offset, length);
    }

    private void store() {
        checkpoint.run();
        buffer.store(store).ifPresent(slices::add);
    }

    private Failure gone(OpTime begin) {
        return new Failure(
                FailureKind.SOURCE_UNSUITABLE,
                "the oplog of %s %s no longer reaches back to %s, where the backup begins"
                        .formatted(source.role(), source.hosts(), begin),
                "Make the oplog larger (replSetResizeOplog), or raise minSnapshotHistoryWindowInSeconds above the duration of a backup, and back up again.");
    }
}
