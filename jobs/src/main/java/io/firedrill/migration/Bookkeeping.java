package io.firedrill.migration;

import java.util.Set;
import org.bson.BsonDocument;

/** Where a migration tool writes down what it has done, in the database that it changes. */
public interface Bookkeeping {
    /** Its own collections, which are no data: the change log, the lock and what else it keeps. */
    Set<String> collections();

    /** The collection that has a row for each change. */
    String changelog();

    /** A filter for the rows of one change in {@link #changelog}: without them the tool takes it for never applied. */
    BsonDocument rowsOf(Change change);
}
