package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** Turns the documents of one range into segments, a new one whenever the next document would make it too large. */
final class SegmentCut {
    private final SegmentStore store;
    private final KnownSegments known;
    private final long bytesMax;
    private final Range range;
    private final OpTime at;
    private final List<Segment> segments = new ArrayList<>();
    private Optional<BsonDocument> min;
    private SegmentWriter writer = new SegmentWriter();

    SegmentCut(SegmentStore store, KnownSegments known, long bytesMax, Range range, OpTime at) {
        this.store = store;
        this.known = known;
        this.bytesMax = bytesMax;
        this.range = range;
        this.at = at;
        this.min = range.min();
    }

    void add(byte[] bytes, int offset, int length) {
        if (writer.documents() > 0 && writer.bytesRaw() + length > bytesMax) {
            Optional<BsonDocument> bound = Optional.of(IdBound.of(bytes, offset, length));
            store(bound);
            min = bound;
            writer = new SegmentWriter();
        }
        writer.add(bytes, offset, length);
    }

    List<Segment> finish() {
        store(range.max());
        return segments;
    }

    private void store(Optional<BsonDocument> max) {
        SegmentStore.Stored stored = store.put(writer, known.byDigest());
        segments.add(stored.segment(range.collection(), min, max, at, writer));
    }
}
