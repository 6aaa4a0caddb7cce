package io.firedrill.verify;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BsonOrder;
import io.firedrill.archive.Digests;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.CollectionFact;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.bson.BsonDocument;

/** Judges what was read back: one check for the content, one for the definitions, one fact for each collection. */
public final class RestoreVerifier {
    /** Units end in any order; what they came to is one state. */
    private static final Comparator<SegmentProof> BY_RANGE =
            Comparator.comparing(proof -> proof.segment().min().orElseGet(BsonDocument::new), BsonOrder.INSTANCE);

    private final BackupPlan plan;
    private final List<CollectionShape> shapes;
    private final Map<Integer, List<SegmentProof>> byCollection = new TreeMap<>();
    private final Map<Namespace, String> shapeDifferences;

    /**
     * @param plan of what was loaded
     * @param shapes that have to be there: those of the plan, or what a replay has made of them
     * @param proofs of all segments of the backup; one that is missing fails its check
     * @param shapeDifferences as {@link ShapeComparison} found them
     */
    public RestoreVerifier(
            BackupPlan plan,
            List<CollectionShape> shapes,
            List<SegmentProof> proofs,
            Map<Namespace, String> shapeDifferences) {
        this.plan = plan;
        this.shapes = List.copyOf(shapes);
        this.shapeDifferences = Map.copyOf(shapeDifferences);
        for (SegmentProof proof : proofs) {
            byCollection
                    .computeIfAbsent(proof.segment().collection(), unknown -> new ArrayList<>())
                    .add(proof);
        }
        byCollection.forEach((at, ranges) -> {
            // A sequence is of one unit, in an order of its own, which the places where it was cut do not tell.
            if (!plan.collections().get(at).isSequence()) {
                ranges.sort(BY_RANGE);
            }
        });
    }

    /**
     * Compares the digests.
     *
     * @param segments that the manifest counts
     */
    public Check content(long segments, String details) {
        List<SegmentProof> all =
                byCollection.values().stream().flatMap(List::stream).toList();
        long equal = all.stream().filter(SegmentProof::isEqual).count();
        String method = "SHA-256 over the raw documents of each segment, read back from the target";
        String expected = segments + " equal digests";
        String observed = equal + " equal digests";
        return equal == segments && all.size() == segments
                ? Check.passed("content", method, expected, observed, equal, segments)
                : Check.failed("content", method, expected, observed, equal, segments, details);
    }

    /** Compares kinds, options, validators, indexes and view definitions. */
    public Check definitions() {
        int population = shapes.size();
        String method = "listCollections and listIndexes compared as BSON";
        String expected = population + " equal definitions";
        long matched = shapes.stream()
                .filter(shape -> !shapeDifferences.containsKey(shape.namespace()))
                .count();
        String observed = matched + " equal definitions";
        if (shapeDifferences.isEmpty()) {
            return Check.passed("definitions", method, expected, observed, matched, population);
        }
        List<String> lines = new TreeMap<>(shapeDifferences)
                .entrySet().stream()
                        .limit(20)
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList();
        return Check.failed("definitions", method, expected, observed, matched, population, String.join("; ", lines));
    }

    /** The segments whose digest differs. */
    public List<SegmentProof> unequal() {
        return byCollection.values().stream()
                .flatMap(List::stream)
                .filter(proof -> !proof.isEqual())
                .toList();
    }

    /**
     * One fact for each collection and view that has to be there now.
     *
     * @param replayed how many documents each collection has come to by a replay; of those that it lacks, what was read back
     *     tells
     */
    public List<CollectionFact> collections(Map<Namespace, Long> replayed) {
        Map<UUID, Integer> loaded = loaded();
        return shapes.stream()
                .map(shape -> {
                    Optional<Integer> place = shape.hasDocuments()
                            ? shape.uuid().flatMap(uuid -> Optional.ofNullable(loaded.get(uuid)))
                            : Optional.empty();
                    List<SegmentProof> proofs = place.map(at -> byCollection.getOrDefault(at, List.of()))
                            .orElse(List.of());
                    // What the oplog created was never loaded: it is proven by the replay.
                    boolean read = !shape.hasDocuments()
                            || !proofs.isEmpty()
                            || (place.isEmpty() && replayed.containsKey(shape.namespace()));
                    return fact(shape, proofs, read, Optional.ofNullable(replayed.get(shape.namespace())));
                })
                .toList();
    }

    /** The places in the plan; a view of time series goes by the UUID of its buckets, and has no documents of its own. */
    private Map<UUID, Integer> loaded() {
        Map<UUID, Integer> loaded = new HashMap<>();
        for (int i = 0; i < plan.collections().size(); i++) {
            int place = i;
            CollectionShape shape = plan.collections().get(i);
            shape.uuid().filter(uuid -> shape.hasDocuments()).ifPresent(uuid -> loaded.put(uuid, place));
        }
        return loaded;
    }

    private CollectionFact fact(
            CollectionShape shape, List<SegmentProof> proofs, boolean read, Optional<Long> documents) {
        int equal = (int) proofs.stream().filter(SegmentProof::isEqual).count();
        boolean good = equal == proofs.size() && !shapeDifferences.containsKey(shape.namespace());
        return new CollectionFact(
                shape.namespace().toString(),
                shape.hasDocuments() ? "collection" : "view",
                documents.orElseGet(
                        () -> proofs.stream().mapToLong(SegmentProof::documents).sum()),
                proofs.stream()
                        .mapToLong(proof -> proof.segment().bytesOfObjects())
                        .sum(),
                proofs.size(),
                equal,
                shape.indexes().size(),
                proofs.isEmpty() ? "" : digest(proofs),
                !read ? Check.Result.SKIPPED : good ? Check.Result.PASSED : Check.Result.FAILED);
    }

    /** One digest for a collection: SHA-256 over the digests of its segments as they were read back, in the order of their ranges or of the sequence. */
    private static String digest(List<SegmentProof> proofs) {
        MessageDigest digest = Digests.sha256();
        proofs.forEach(proof -> digest.update(proof.sha256().getBytes(StandardCharsets.UTF_8)));
        return Digests.hex(digest.digest());
    }
}
