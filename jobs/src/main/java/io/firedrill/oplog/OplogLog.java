package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A span of oplog that can be read: that which a backup took along, or a piece of the archive.
 *
 * @param slices where its slices lie
 */
public record OplogLog(SegmentStore slices, OplogSpan span) {

    /** One entry; empty where the span does not hold it. */
    Optional<OplogEntry> find(OpTime at) {
        Optional<Slice> holding = span.slices().stream()
                .filter(slice -> slice.last().compareTo(at) >= 0)
                .findFirst();
        List<OplogEntry> found = new ArrayList<>();
        holding.ifPresent(slice -> slices.fetch(slice.stored()).forEachDocument((bytes, offset, length) -> {
            if (OplogEntry.timeOf(bytes, offset, length).equals(at)) {
                found.add(OplogEntry.copyOf(bytes, offset, length));
            }
        }));
        return found.stream().findFirst();
    }
}
