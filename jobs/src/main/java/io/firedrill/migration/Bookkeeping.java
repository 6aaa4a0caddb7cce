package io.firedrill.migration;

import java.util.Set;
import org.bson.BsonDocument;

/** Where a migration tool writes down what it has done, in the database that it changes. */
public interface Bookkeeping {
    /** Its own collections, which are no data: the change log, the lock and what else it keeps. */
    Set<String> collections();

    /** The collection that has a row for each change. */
    String changelog();

    /** The field of a row that holds the change's id. */
    String idField();

    /** A filter for the rows of one change in {@link #changelog}: without them the tool takes it for never applied. */
    BsonDocument rowsOf(Change change);

    /** Whether the tool writes rows of its own, or rewrites others, before it takes the lock for a change. */
    default boolean preparesItsRows() {
        return false;
    }
}
