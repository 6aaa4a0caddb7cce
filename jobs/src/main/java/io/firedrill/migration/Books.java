package io.firedrill.migration;

import java.util.Set;
import java.util.function.Function;
import org.bson.BsonDocument;

/** Books of which it is known where they are kept. */
record Books(Set<String> collections, String changelog, String idField, Function<Change, BsonDocument> rows)
        implements Bookkeeping {
    Books {
        collections = Set.copyOf(collections);
    }

    @Override
    public BsonDocument rowsOf(Change change) {
        return rows.apply(change);
    }
}
