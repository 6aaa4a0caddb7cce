package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.storage.ObjectKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;

/**
 * A base and its delta as one: what a whole reading of the range would have given at the delta's moment, byte for byte. Holds
 * the base as it was fetched, and the delta's documents.
 */
final class MergedSegment implements VerifiedSegment {
    private final WholeSegment base;
    private final List<Change> changes;
    private final long leftOut;
    private final ObjectKey key;

    /** An id, and the document that has it now; none if that is gone. */
    private record Change(RawId id, Optional<Document> document) {
        void handOn(DocumentConsumer consumer) {
            document.ifPresent(found -> consumer.accept(found.bytes, 0, found.bytes.length));
        }
    }

    private static final class Document {
        private final byte[] bytes;
        private final RawId id;

        private Document(byte[] bytes, RawId id) {
            this.bytes = bytes;
            this.id = id;
        }
    }

    /**
     * @param object what the delta's own object holds
     * @param values the ids of a delta, in order
     * @param leftOut how many of the base's documents have one of them
     * @param key of that object, for messages
     */
    MergedSegment(WholeSegment base, WholeSegment object, BsonArray values, long leftOut, ObjectKey key) {
        this.base = base;
        this.key = key;
        this.leftOut = leftOut;
        List<RawId> ids = values.stream().map(RawId::of).toList();
        requireAscending(ids);
        this.changes = changes(ids, documents(object));
    }

    private List<Document> documents(WholeSegment object) {
        List<Document> documents = new ArrayList<>();
        object.forEachDocument((bytes, offset, length) -> {
            byte[] own = Arrays.copyOfRange(bytes, offset, offset + length);
            documents.add(new Document(own, RawId.of(own, 0).orElseThrow(this::withoutId)));
        });
        return documents;
    }

    private void requireAscending(List<RawId> ids) {
        for (int i = 1; i < ids.size(); i++) {
            if (ids.get(i - 1).compareTo(ids.get(i)) >= 0) {
                throw ArchiveFile.damaged(key, "the ids of the delta that it belongs to are not in order");
            }
        }
    }

    private List<Change> changes(List<RawId> ids, List<Document> documents) {
        List<Change> all = new ArrayList<>();
        int next = 0;
        for (RawId id : ids) {
            boolean there = next < documents.size() && documents.get(next).id.compareTo(id) == 0;
            all.add(new Change(id, there ? Optional.of(documents.get(next)) : Optional.empty()));
            next += there ? 1 : 0;
        }
        if (next < documents.size()) {
            throw ArchiveFile.damaged(key, "it holds a document that its delta does not name, or not there");
        }
        return all;
    }

    @Override
    public void forEachDocument(DocumentConsumer consumer) {
        var merge = new Merge(consumer);
        base.forEachDocument(merge::add);
        merge.finish();
    }

    private Failure withoutId() {
        return ArchiveFile.damaged(key, "it belongs to documents without _id");
    }

    /** One way through both, side by side. */
    private final class Merge {
        private final DocumentConsumer consumer;
        private int next;
        private long replaced;

        private Merge(DocumentConsumer consumer) {
            this.consumer = consumer;
        }

        void add(byte[] bytes, int offset, int length) {
            RawId id = RawId.of(bytes, offset).orElseThrow(MergedSegment.this::withoutId);
            while (next < changes.size()) {
                int order = changes.get(next).id().compareTo(id);
                if (order > 0) {
                    break;
                }
                changes.get(next++).handOn(consumer);
                if (order == 0) {
                    replaced++;
                    return;
                }
            }
            consumer.accept(bytes, offset, length);
        }

        void finish() {
            while (next < changes.size()) {
                changes.get(next++).handOn(consumer);
            }
            if (replaced != leftOut) {
                throw ArchiveFile.damaged(
                        key, "its delta replaces or removes %d documents instead of %d".formatted(replaced, leftOut));
            }
        }
    }
}
