package io.firedrill.verify;

import io.firedrill.archive.Digests;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.verify.DocumentDifference.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.RawBsonDocument;

/**
 * Finds the documents in which two states differ, so that a person has where to look: by id and by the places in them, without
 * any value. Only those in buckets that differ are remembered, and of these a few buckets at a time.
 */
public final class DocumentDifferences {
    private static final int DOCUMENTS_MAX = 20;

    /** One bucket may hold more: the 1,024th part of its collection. */
    private static final long REMEMBERED_MAX = 20_000;

    private final Deployment before;
    private final Deployment after;
    private final Runnable checkpoint;

    /**
     * @param before which still holds the earlier state
     * @param after which still holds the later one
     * @param checkpoint called before each pass over a collection; throws when the run must not go on
     */
    public DocumentDifferences(Deployment before, Deployment after, Runnable checkpoint) {
        this.before = before;
        this.after = after;
        this.checkpoint = checkpoint;
    }

    /** Of each collection that was there before and is there now, and whose documents are not the same to the byte. */
    public List<CollectionDifferences> find(StateComparison comparison) {
        return comparison.collections().stream()
                .filter(each -> each.before().isPresent() && each.after().isPresent())
                .filter(each -> each.documents() != Level.EXACT)
                .map(each ->
                        find(each.namespace(), each.before().get(), each.after().get()))
                .toList();
    }

    private CollectionDifferences find(Namespace namespace, CollectionState one, CollectionState other) {
        List<DocumentDifference> found = new ArrayList<>();
        List<Integer> buckets = buckets(one.content(), other.content());
        int next = 0;
        while (next < buckets.size() && found.size() < DOCUMENTS_MAX) {
            int end = endOfPass(buckets, next, one.content(), other.content());
            found.addAll(new Pass(namespace, Set.copyOf(buckets.subList(next, end))).find(one, other));
            next = end;
        }
        boolean more = next < buckets.size() || found.size() > DOCUMENTS_MAX;
        return new CollectionDifferences(namespace, found.subList(0, Math.min(DOCUMENTS_MAX, found.size())), more);
    }

    /** First those in which more differs than the order of fields. */
    private static List<Integer> buckets(ContentDigest one, ContentDigest other) {
        List<Integer> buckets = new ArrayList<>(one.differing(other, Level.CANONICAL));
        NavigableSet<Integer> exact = one.differing(other, Level.EXACT);
        buckets.forEach(exact::remove);
        buckets.addAll(exact);
        return buckets;
    }

    private static int endOfPass(List<Integer> buckets, int begin, ContentDigest one, ContentDigest other) {
        long documents = 0;
        int end = begin;
        while (end < buckets.size() && (end == begin || documents < REMEMBERED_MAX) && end - begin < DOCUMENTS_MAX) {
            documents += Math.max(one.documents(buckets.get(end)), other.documents(buckets.get(end)));
            end++;
        }
        return end;
    }

    /** One reading of a collection on both sides. */
    private final class Pass {
        private final Namespace namespace;
        private final Set<Integer> buckets;
        private final Map<DocumentId, String> remembered = new LinkedHashMap<>();
        private final List<DocumentDifference> found = new ArrayList<>();

        Pass(Namespace namespace, Set<Integer> buckets) {
            this.namespace = namespace;
            this.buckets = buckets;
        }

        List<DocumentDifference> find(CollectionState one, CollectionState other) {
            read(before, one, document -> remembered.put(document.id(), document.sha256()));
            List<DocumentId> changed = new ArrayList<>();
            read(after, other, document -> {
                String known = remembered.remove(document.id());
                if (known == null) {
                    found.add(new DocumentDifference(document.id().toString(), Kind.SURPLUS, List.of()));
                } else if (!known.equals(document.sha256())) {
                    changed.add(document.id());
                }
            });
            remembered
                    .keySet()
                    .forEach(id -> found.add(new DocumentDifference(id.toString(), Kind.MISSING, List.of())));
            // One more than are shown, so that it shows that there are more.
            changed.stream().limit(DOCUMENTS_MAX + 1).map(this::changed).forEach(found::add);
            return found;
        }

        private void read(Deployment deployment, CollectionState state, Consumer<Document> consumer) {
            checkpoint.run();
            state.scan()
                    .ifPresent(scan -> scan.read(deployment, (bytes, offset, length) -> {
                        DocumentId id = DocumentId.of(bytes, offset);
                        if (buckets.contains(id.bucket(ContentDigest.BUCKETS))) {
                            consumer.accept(Document.of(id, bytes, offset, length));
                        }
                    }));
        }

        private DocumentDifference changed(DocumentId id) {
            Optional<RawBsonDocument> one = document(before, id);
            Optional<RawBsonDocument> other = document(after, id);
            List<PathDifference> places =
                    one.isPresent() && other.isPresent() ? PathDifferences.between(one.get(), other.get()) : List.of();
            return new DocumentDifference(id.toString(), Kind.CHANGED, places);
        }

        private Optional<RawBsonDocument> document(Deployment deployment, DocumentId id) {
            return id.among(deployment.all(namespace.database(), id.find(namespace.collection())));
        }
    }

    /** A document that was read, by what has to be remembered of it. */
    private record Document(DocumentId id, String sha256) {
        static Document of(DocumentId id, byte[] bytes, int offset, int length) {
            String sha256 = Digests.sha256Hex(Arrays.copyOfRange(bytes, offset, offset + length));
            return new Document(id, sha256);
        }
    }
}
