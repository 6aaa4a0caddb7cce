package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.RunningDigest;
import io.firedrill.archive.SealedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** Turns the documents of one range into digests, a new one whenever the next document would make its range too large. */
final class SealCut {
    private final Range range;
    private final long bytesMax;
    private final RunningDigest digest = new RunningDigest();
    private final List<SealedRange> sealed = new ArrayList<>();
    private Optional<BsonDocument> min;

    SealCut(Range range, long bytesMax) {
        this.range = range;
        this.bytesMax = bytesMax;
        this.min = range.min();
    }

    void add(byte[] bytes, int offset, int length) {
        if (digest.documents() > 0 && digest.bytes() + length > bytesMax) {
            Optional<BsonDocument> bound = Optional.of(IdBound.of(bytes, offset, length));
            end(bound);
            min = bound;
        }
        digest.add(bytes, offset, length);
    }

    List<SealedRange> finish() {
        end(range.max());
        return sealed;
    }

    private void end(Optional<BsonDocument> max) {
        sealed.add(new SealedRange(range.collection(), min, max, digest.documents(), digest.bytes(), digest.end()));
    }
}
