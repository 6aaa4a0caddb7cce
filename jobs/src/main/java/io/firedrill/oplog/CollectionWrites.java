package io.firedrill.oplog;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was written to one collection.
 *
 * @param commands how often which was done to the collection itself, by the oplog's names for it: create, drop, collMod,
 *     startIndexBuild …; those of a database as a whole stand under {@code $cmd} in it
 * @param bytes of the entries, or of the operations within one
 * @param documents how many different ones were written, told by their ids
 * @param counted whether all of them were told apart; if not, {@code documents} are those that were, and there may be more
 */
public record CollectionWrites(
        long inserts,
        long updates,
        long deletes,
        SortedMap<String, Long> commands,
        long bytes,
        long documents,
        boolean counted) {

    public CollectionWrites {
        commands = Collections.unmodifiableSortedMap(new TreeMap<>(commands));
    }

    public long operations() {
        return inserts + updates + deletes;
    }
}
