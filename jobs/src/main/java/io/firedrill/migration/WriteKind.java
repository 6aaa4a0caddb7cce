package io.firedrill.migration;

/**
 * What a write is to a rehearsal. Only the first two come in an order that repeats itself: a lock is refreshed at any time. The end
 * of a transaction is what was in it, the first of these that was.
 */
public enum WriteKind {
    /** The change's own. */
    DATA,
    /** One of documents in the tool's change log. */
    ROW,
    /** The rest of the tool's bookkeeping: its lock, its indexes. */
    BOOKS
}
