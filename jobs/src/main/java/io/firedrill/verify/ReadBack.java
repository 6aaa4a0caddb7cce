package io.firedrill.verify;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Digests;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.RangeScan;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.bson.BsonDocument;

/** Reads ranges back from the target and digests them as the backup did. Thread-safe. */
public final class ReadBack {
    private static final int BUFFER = 256 << 10;

    private final Deployment target;
    private final Map<Namespace, UUID> collections;
    private final Runnable checkpoint;

    /**
     * @param collections of the target, by name
     */
    public ReadBack(Deployment target, Map<Namespace, UUID> collections, Runnable checkpoint) {
        this.target = target;
        this.collections = Map.copyOf(collections);
        this.checkpoint = checkpoint;
    }

    public List<SegmentProof> read(BackupPlan plan, Part part, LongConsumer progress) {
        List<SegmentProof> proofs = new ArrayList<>();
        for (int i = 0; i < part.segments().size(); i++) {
            Segment segment = part.segments().get(i);
            checkpoint.run();
            CollectionShape shape = plan.collections().get(segment.collection());
            // The bounds of a segment cut inside a collated collection are no index bounds: read it as a whole, once.
            proofs.add(shape.isCollated() ? collated(shape, part.segments(), i) : plain(shape, segment));
            progress.accept(segment.bytesRaw());
        }
        return proofs;
    }

    private SegmentProof plain(CollectionShape shape, Segment segment) {
        var digest = new RunningDigest();
        scan(shape, segment.min(), segment.max()).read(target, digest::add);
        return new SegmentProof(segment, digest.hex(), digest.documents);
    }

    /** Skips the segments of the same collection before this one, by count, and takes as many documents as it has. */
    private SegmentProof collated(CollectionShape shape, List<Segment> segments, int position) {
        Segment segment = segments.get(position);
        long before = siblings(segments.subList(0, position), segment)
                .mapToLong(Segment::documents)
                .sum();
        boolean last = siblings(segments.subList(position + 1, segments.size()), segment)
                .findAny()
                .isEmpty();
        // The last one takes what is left, so that surplus documents are found.
        var window = new Window(before, last ? Long.MAX_VALUE : before + segment.documents());
        scan(shape, Optional.empty(), Optional.empty()).read(target, window::add);
        return new SegmentProof(segment, window.digest.hex(), window.digest.documents);
    }

    private static Stream<Segment> siblings(List<Segment> segments, Segment of) {
        return segments.stream().filter(other -> other.collection() == of.collection());
    }

    private RangeScan scan(CollectionShape shape, Optional<BsonDocument> min, Optional<BsonDocument> max) {
        UUID uuid = collections.get(shape.namespace());
        if (uuid == null) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "collection %s is missing in %s %s".formatted(shape.namespace(), target.role(), target.hosts()),
                    "Somebody dropped it during the proof: clean staging and restore again.");
        }
        return new RangeScan(shape.namespace(), uuid, min, max, Optional.empty());
    }

    /** SHA-256 over documents, in pieces large enough for the digest's fast path. */
    private static final class RunningDigest {
        private final MessageDigest digest = Digests.sha256();
        private final byte[] buffer = new byte[BUFFER];
        private int buffered;
        private long documents;

        void add(byte[] bytes, int offset, int length) {
            documents++;
            if (length > BUFFER - buffered) {
                drain();
            }
            if (length > BUFFER) {
                digest.update(bytes, offset, length);
            } else {
                System.arraycopy(bytes, offset, buffer, buffered, length);
                buffered += length;
            }
        }

        String hex() {
            drain();
            return Digests.hex(digest.digest());
        }

        private void drain() {
            digest.update(buffer, 0, buffered);
            buffered = 0;
        }
    }

    /** Digests the documents from one position to another of a whole scan. */
    private static final class Window {
        private final RunningDigest digest = new RunningDigest();
        private final long from;
        private final long to;
        private long position;

        Window(long from, long to) {
            this.from = from;
            this.to = to;
        }

        void add(byte[] bytes, int offset, int length) {
            if (position >= from && position < to) {
                digest.add(bytes, offset, length);
            }
            position++;
        }
    }
}
