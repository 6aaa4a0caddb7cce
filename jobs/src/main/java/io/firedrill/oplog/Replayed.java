package io.firedrill.oplog;

/**
 * What a replay came to.
 *
 * @param before operations that the copy held already: their document was read after them
 * @param leftOut operations on collections that are not part of the backup
 * @param noops entries that say nothing but that there is no gap
 * @param changes of what collections, indexes and views there are
 */
public record Replayed(
        long entries,
        long inserts,
        long updates,
        long deletes,
        long transactions,
        long before,
        long leftOut,
        long noops,
        long changes) {

    public long applied() {
        return inserts + updates + deletes;
    }
}
