package io.firedrill.verify;

import io.firedrill.archive.RunningDigest;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.NaturalScan;
import java.util.Optional;

/**
 * What a collection or view is and holds at one time. A view holds nothing: it is its definition. A time series holds nothing
 * either, and its raw buckets are a collection of their own: other buckets may stand for the same measurements, and then differ
 * here, but equal ones never stand for others.
 */
public final class CollectionState {
    private final CollectionShape shape;
    private final ContentDigest content;
    private final Optional<String> sequence;

    private CollectionState(CollectionShape shape, ContentDigest content, Optional<String> sequence) {
        this.shape = shape;
        this.content = content;
        this.sequence = sequence;
    }

    /** Reads all its documents as they lie there, one batch at a time in memory. */
    static CollectionState read(Deployment deployment, CollectionShape shape) {
        var adding = new ContentDigest.Adding();
        var order = new RunningDigest();
        scan(shape)
                .ifPresent(scan -> scan.read(deployment, (bytes, offset, length) -> {
                    adding.add(bytes, offset, length);
                    if (shape.isCapped()) {
                        order.add(bytes, offset, length);
                    }
                }));
        return new CollectionState(shape, adding.end(), shape.isCapped() ? Optional.of(order.end()) : Optional.empty());
    }

    private static Optional<NaturalScan> scan(CollectionShape shape) {
        return shape.uuid().filter(uuid -> shape.hasDocuments()).map(uuid -> new NaturalScan(shape.namespace(), uuid));
    }

    /** How its documents are read; empty for what has none. */
    Optional<NaturalScan> scan() {
        return scan(shape);
    }

    /** The same documents under a definition that was read later. */
    CollectionState with(CollectionShape later) {
        return new CollectionState(later, content, sequence);
    }

    public CollectionShape shape() {
        return shape;
    }

    ContentDigest content() {
        return content;
    }

    public long documents() {
        return content.documents();
    }

    /** The sum modulo 2^256 of the SHA-256 of its raw documents, in hexadecimal. */
    public String exact() {
        return content.exact();
    }

    /** The same of its documents with the fields at every level in the order of their names. */
    public String canonical() {
        return content.canonical();
    }

    /** The SHA-256 of all its raw documents as they lie there, where their order counts: in a capped collection. */
    public Optional<String> sequence() {
        return sequence;
    }

    /** How far its documents are the same. */
    Level compare(CollectionState other) {
        Level level = content.compare(other.content);
        return level == Level.EXACT && isReordered(other) ? Level.DIFFERENT : level;
    }

    /** Whether the same documents of a capped collection lie in another order. */
    boolean isReordered(CollectionState other) {
        return sequence.isPresent()
                && other.sequence.isPresent()
                && !sequence.equals(other.sequence)
                && content.compare(other.content) == Level.EXACT;
    }
}
