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

    /** Whether a row is of the tool itself, which writes it in the course of whatever it runs. */
    default boolean isToolsOwn(BsonDocument row) {
        return false;
    }
}
