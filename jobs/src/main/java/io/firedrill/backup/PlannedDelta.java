package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Delta;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.OpTime;
import java.util.Optional;
import org.bson.BsonArray;

/**
 * A range of which only what has changed since its base was read need be read.
 *
 * @param base the segment, without the delta that it may have had
 * @param ids of all documents that are new, changed or gone since then
 * @param leftOut how many of the base's documents have one of these ids
 */
public record PlannedDelta(Segment base, BsonArray ids, long leftOut) {
    /** Of a base's raw bytes: a delta with more in it spares too little. */
    private static final int SHARE_MAX = 4;

    /** Enough has been seen. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;

        private TooMuch() {
            super(null, null, false, false);
        }
    }

    /** The documents that have one of the ids now; empty if they are too large to be worth while. */
    Optional<SegmentWriter> read(RangeReader.Scan scan, Pace pace) {
        var writer = new SegmentWriter();
        DocumentConsumer bounded = (bytes, offset, length) -> {
            writer.add(bytes, offset, length);
            pace.advance(length);
            if (writer.bytesRaw() > base.bytesRaw() / SHARE_MAX) {
                throw new TooMuch();
            }
        };
        try {
            scan.read(bounded);
            return Optional.of(writer);
        } catch (TooMuch tooMuch) {
            writer.release();
            return Optional.empty();
        } finally {
            pace.flush();
        }
    }

    /** The range as it is at the moment at which the documents were read. */
    Segment segment(Range range, OpTime at, SegmentStore.Stored stored, SegmentWriter writer) {
        Segment object = stored.segment(range.collection(), base.min(), base.max(), at, writer);
        return base.changed(range.collection(), at, new Delta(object, ids, leftOut));
    }
}
