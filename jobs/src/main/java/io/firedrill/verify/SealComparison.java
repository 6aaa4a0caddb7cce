package io.firedrill.verify;

import io.firedrill.archive.RedactedId;
import io.firedrill.archive.RunningDigest;
import io.firedrill.archive.Seal;
import io.firedrill.archive.SealedRange;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.Check;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonNull;

/**
 * Compares what a target holds with what a seal says its source held: definitions as BSON, documents by the digests of their
 * ranges, read back. Equal means that the target is the source at the seal's moment.
 */
public final class SealComparison {
    private static final int NAMES_MAX = 20;

    private final int lanes;
    private final Runnable checkpoint;
    private final LongConsumer progress;

    /**
     * @param lanes how many ranges are read at a time
     * @param checkpoint called before each range; throws when the run must not go on
     * @param progress told the bytes of each range that was compared
     */
    public SealComparison(int lanes, Runnable checkpoint, LongConsumer progress) {
        this.lanes = lanes;
        this.checkpoint = checkpoint;
        this.progress = progress;
    }

    /**
     * Compares; whoever recovered only a part narrows the seal before.
     *
     * @param target at rest: it is read as it is now
     * @return one check of the definitions, one of the content, and a skipped one if the target holds what the seal left out
     */
    public List<Check> check(Deployment target, Seal seal) {
        Set<String> leftOut =
                seal.excluded().stream().map(out -> out.namespace()).collect(Collectors.toSet());
        Map<Boolean, List<CollectionShape>> found = new CatalogReader(target)
                .read().stream()
                        .filter(shape -> !shape.namespace().isSystem())
                        .collect(Collectors.partitioningBy(
                                shape -> leftOut.contains(shape.namespace().toString())));
        List<Check> checks = new ArrayList<>();
        checks.add(definitions(seal, found.getOrDefault(false, List.of())));
        checks.add(content(target, seal, found.getOrDefault(false, List.of())));
        leftOut(seal, found.getOrDefault(true, List.of())).ifPresent(checks::add);
        return checks;
    }

    private static Check definitions(Seal seal, List<CollectionShape> found) {
        Map<Namespace, String> differences = ShapeComparison.differences(seal.collections(), found);
        long population = seal.collections().size();
        long matched = seal.collections().stream()
                .filter(shape -> !differences.containsKey(shape.namespace()))
                .count();
        List<String> lines = new TreeMap<>(differences)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList();
        return judged(
                "sealed-definitions",
                "collections, views, options and indexes compared as BSON with the seal of cluster time " + seal.at(),
                "definitions",
                matched,
                population,
                lines);
    }

    private Check content(Deployment target, Seal seal, List<CollectionShape> found) {
        Map<Namespace, UUID> uuids = new HashMap<>();
        found.forEach(shape -> shape.uuid().ifPresent(uuid -> uuids.put(shape.namespace(), uuid)));
        var readBack = new ReadBack(target, uuids, Segment::sha256, checkpoint);
        List<Optional<String>> differences =
                Requests.all(seal.ranges(), lanes, range -> difference(readBack, seal, range, uuids.keySet()));
        long matched = differences.stream().filter(Optional::isEmpty).count();
        return judged(
                "sealed-content",
                "SHA-256 over the raw documents of each range, read back from the target and compared with what the source"
                        + " held at cluster time " + seal.at(),
                "digests",
                matched,
                seal.ranges().size(),
                differences.stream().flatMap(Optional::stream).distinct().toList());
    }

    /** One line that says how a range of the target differs; empty where it is equal. */
    private Optional<String> difference(ReadBack readBack, Seal seal, SealedRange range, Set<Namespace> present) {
        checkpoint.run();
        CollectionShape shape = seal.collections().get(range.collection());
        if (!present.contains(shape.namespace())) {
            return Optional.of("%s is missing".formatted(shape.namespace()));
        }
        var digest = new RunningDigest();
        readBack.scan(shape, range.min(), range.max(), digest::add);
        progress.accept(range.bytes());
        long documents = digest.documents();
        boolean equal = digest.end().equals(range.sha256()) && documents == range.documents();
        return equal ? Optional.empty() : Optional.of(line(shape, range, documents));
    }

    private static String line(CollectionShape shape, SealedRange range, long documents) {
        String where = range.min().isEmpty() && range.max().isEmpty()
                ? "all of it"
                : "_id from %s to %s".formatted(bound(range.min(), "the first"), bound(range.max(), "the last"));
        return documents == range.documents()
                ? "%s, %s: %d documents, not all of them equal".formatted(shape.namespace(), where, documents)
                : "%s, %s: %d documents instead of %d"
                        .formatted(shape.namespace(), where, documents, range.documents());
    }

    private static String bound(Optional<BsonDocument> bound, String otherwise) {
        return bound.map(id -> RedactedId.of(id.get("_id", BsonNull.VALUE))).orElse(otherwise);
    }

    private static Check judged(
            String id, String method, String what, long matched, long population, List<String> differences) {
        String expected = "%d equal %s".formatted(population, what);
        String observed = "%d equal %s".formatted(matched, what);
        if (!differences.isEmpty()) {
            return Check.failed(id, method, expected, observed, matched, population, first(differences));
        }
        // Of nothing, everything is equal: that proves nothing.
        return population == 0
                ? Check.skipped(id, method, 0, "the seal says nothing about what was asked for")
                : Check.passed(id, method, expected, observed, matched, population);
    }

    private static Optional<Check> leftOut(Seal seal, List<CollectionShape> found) {
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(Check.skipped(
                        "sealed-coverage",
                        "collections and views of the target looked up in the seal of cluster time " + seal.at(),
                        found.size(),
                        "the seal leaves them out: "
                                + first(found.stream()
                                        .map(shape -> shape.namespace().toString())
                                        .toList())));
    }

    private static String first(List<String> lines) {
        String some = String.join("; ", lines.subList(0, Math.min(NAMES_MAX, lines.size())));
        return lines.size() > NAMES_MAX ? "%s; and %d more".formatted(some, lines.size() - NAMES_MAX) : some;
    }
}
