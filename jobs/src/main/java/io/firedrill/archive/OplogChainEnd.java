package io.firedrill.archive;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a timeline ends, and so where it goes on.
 *
 * @param number of the last link; 0 before the first
 * @param last cluster time of the last archived entry; before the first link, of the entry that it has to begin with
 * @param term of that entry
 * @param sha256 of the last link as it is stored, or of the timeline's head
 * @param sealed whether it is sealed by the store key: what follows must be too
 */
public record OplogChainEnd(int timeline, long number, OpTime last, long term, String sha256, boolean sealed) {

    /** Whether nothing is archived of this timeline, so that its first entry is still to come. */
    public boolean isBegin() {
        return number == 0;
    }

    /** The next link. */
    public OplogLink link(Slice slice, long lastTerm, long fence, Instant storedAt, Optional<Duration> rpo) {
        return new OplogLink(timeline, number + 1, last, term, slice, lastTerm, sha256, fence, storedAt, rpo);
    }
}
