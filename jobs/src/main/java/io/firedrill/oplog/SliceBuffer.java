package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.OpTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The raw entries of one slice, in memory until they are stored together. Not safe for use by several threads. */
final class SliceBuffer {
    /** Of raw entries; one entry of the largest kind comes on top. */
    static final long BYTES_MAX = 16L << 20;

    private final long bytesMax;
    private SegmentWriter writer = new SegmentWriter();
    private @Nullable OpTime first;
    private @Nullable OpTime last;

    SliceBuffer(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return first == null;
    }

    long entries() {
        return writer.documents();
    }

    long bytesRaw() {
        return writer.bytesRaw();
    }

    /** Whether it has to be stored before an entry of this length may be added. */
    boolean isFullFor(int length) {
        return !isEmpty() && writer.bytesRaw() + length > bytesMax;
    }

    void add(OpTime at, byte[] bytes, int offset, int length) {
        first = first == null ? at : first;
        last = at;
        writer.add(bytes, offset, length);
    }

    /** Stores what there is, if there is anything, and is empty then. */
    Optional<Slice> store(SegmentStore store) {
        if (first == null || last == null) {
            return Optional.empty();
        }
        SegmentStore.Stored stored = store.put(writer, Map.of());
        var slice = new Slice(first, stored.segment(0, Optional.empty(), Optional.empty(), last, writer));
        clear();
        return Optional.of(slice);
    }

    void clear() {
        writer = new SegmentWriter();
        first = null;
        last = null;
    }
}
