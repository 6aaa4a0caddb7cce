package io.firedrill.migration;

/** What a write is to a rehearsal. Only the first two come in an order that repeats itself: a lock is refreshed at any time. */
public enum WriteKind {
    /** The change's own. The end of a transaction counts as such, whatever was in it. */
    DATA,
    /** One of documents in the tool's change log. */
    ROW,
    /** The rest of the tool's bookkeeping: its lock, its indexes. */
    BOOKS
}
