package io.firedrill.verify;

import io.firedrill.mongo.Namespace;
import java.util.List;

/**
 * The documents in which a collection differs.
 *
 * @param documents the first of them
 * @param more whether there may be others
 */
public record CollectionDifferences(Namespace namespace, List<DocumentDifference> documents, boolean more) {
    public CollectionDifferences {
        documents = List.copyOf(documents);
    }
}
