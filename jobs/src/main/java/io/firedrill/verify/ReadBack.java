package io.firedrill.verify;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Part;
import io.firedrill.archive.RunningDigest;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionScan;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.bson.BsonDocument;

/** Reads ranges back from the target and digests them as the backup did. Thread-safe. */
public final class ReadBack {
    private final Deployment target;
    private final Map<Namespace, UUID> collections;
    private final Function<Segment, String> expected;
    private final Runnable checkpoint;

    /**
     * @param collections of the target, by name
     * @param expected the digest that a segment's range has in the backup
     */
    public ReadBack(
            Deployment target,
            Map<Namespace, UUID> collections,
            Function<Segment, String> expected,
            Runnable checkpoint) {
        this.target = target;
        this.expected = expected;
        this.collections = Map.copyOf(collections);
        this.checkpoint = checkpoint;
    }

    public List<SegmentProof> read(BackupPlan plan, Part part, LongConsumer progress) {
        List<SegmentProof> proofs = new ArrayList<>();
        List<Segment> segments = part.segments();
        for (int i = 0; i < segments.size(); ) {
            checkpoint.run();
            CollectionShape shape = plan.collections().get(segments.get(i).collection());
            int next = shape.isSequence() ? endOfCollection(segments, i) : i + 1;
            List<Segment> some = segments.subList(i, next);
            proofs.addAll(shape.isSequence() ? sequence(shape, some) : List.of(range(shape, some.getFirst())));
            progress.accept(some.stream().mapToLong(Segment::bytesOfObjects).sum());
            i = next;
        }
        return proofs;
    }

    private static int endOfCollection(List<Segment> segments, int begin) {
        int end = begin;
        while (end < segments.size()
                && segments.get(end).collection() == segments.get(begin).collection()) {
            end++;
        }
        return end;
    }

    private SegmentProof range(CollectionShape shape, Segment segment) {
        var digest = new RunningDigest();
        scan(shape, segment.min(), segment.max(), digest::add);
        return proof(segment, digest);
    }

    /** The segments of a collection that has no ranges: read it once, and divide it by their counts. */
    private List<SegmentProof> sequence(CollectionShape shape, List<Segment> segments) {
        var divided = new Division(segments);
        scan(shape, Optional.empty(), Optional.empty(), divided::add);
        return divided.finish();
    }

    /** Hands over the documents of a range; those of a capped collection as they lie there, all of them. */
    void scan(
            CollectionShape shape, Optional<BsonDocument> min, Optional<BsonDocument> max, DocumentConsumer consumer) {
        new CollectionScan(shape, uuid(shape)).read(target, min, max, consumer);
    }

    private SegmentProof proof(Segment segment, RunningDigest digest) {
        long documents = digest.documents();
        return new SegmentProof(segment, expected.apply(segment), digest.end(), documents);
    }

    private UUID uuid(CollectionShape shape) {
        UUID uuid = collections.get(shape.namespace());
        if (uuid == null) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "collection %s is missing in %s %s".formatted(shape.namespace(), target.role(), target.hosts()),
                    "Somebody dropped it during the proof: clean staging and restore again.");
        }
        return uuid;
    }

    /** Gives each segment as many documents as it should have; the last one takes what is left, so that surplus is found. */
    private final class Division {
        private final List<Segment> segments;
        private final List<SegmentProof> proofs = new ArrayList<>();
        private final RunningDigest digest = new RunningDigest();

        Division(List<Segment> segments) {
            this.segments = segments;
        }

        void add(byte[] bytes, int offset, int length) {
            while (proofs.size() < segments.size() - 1
                    && digest.documents() == segments.get(proofs.size()).documentsOfRange()) {
                end();
            }
            digest.add(bytes, offset, length);
        }

        List<SegmentProof> finish() {
            while (proofs.size() < segments.size()) {
                end();
            }
            return proofs;
        }

        private void end() {
            proofs.add(proof(segments.get(proofs.size()), digest));
        }
    }
}
