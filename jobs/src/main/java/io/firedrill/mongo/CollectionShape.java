package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * What a collection or view is, apart from its documents.
 *
 * @param uuid its identity, which survives a rename; that of its buckets for a time series; empty for a view
 * @param options as {@code listCollections} gives them, raw
 * @param indexes as {@code listIndexes} gives them, raw, {@code _id} first; empty for a view
 * @param mixedSchema whether buckets may hold measurements of several types under one name, which a server before 5.2
 *     wrote and which queries have to know of; only true for buckets
 */
public record CollectionShape(
        Namespace namespace,
        Kind kind,
        Optional<UUID> uuid,
        BsonDocument options,
        List<BsonDocument> indexes,
        boolean mixedSchema) {

    /** The kinds of {@code listCollections}. */
    public enum Kind {
        COLLECTION,
        VIEW,
        TIMESERIES
    }

    public CollectionShape {
        indexes = List.copyOf(indexes);
    }

    /** The same under another name. */
    public CollectionShape named(Namespace name) {
        return new CollectionShape(name, kind, uuid, options, indexes, mixedSchema);
    }

    public boolean isView() {
        return kind == Kind.VIEW;
    }

    /** Whether it holds documents of its own: a time series is a view of its buckets. */
    public boolean hasDocuments() {
        return kind == Kind.COLLECTION;
    }

    public boolean isCapped() {
        return options.containsKey("capped") && options.getBoolean("capped").getValue();
    }

    /**
     * Whether it can only be read as a whole, in an order of its own: {@code _id} bounds in BSON order mean nothing in the
     * natural order of a capped collection, nor in the order of a collator.
     */
    public boolean isSequence() {
        return isCapped() || isCollated();
    }

    /** Whether {@code _id} is ordered by a collator, so that index bounds cannot be given in plain BSON order. */
    public boolean isCollated() {
        return options.containsKey("collation")
                && !"simple"
                        .equals(options.getDocument("collation")
                                .getString("locale")
                                .getValue());
    }
}
