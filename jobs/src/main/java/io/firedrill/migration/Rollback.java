package io.firedrill.migration;

/** What code there is to undo a change. */
public enum Rollback {
    /** Some; whether it restores anything is another question. */
    PRESENT,
    /** A method that does nothing. */
    EMPTY,
    NONE,
    /** It could not be told without running the code. */
    UNKNOWN
}
