package io.firedrill.verify;

/** How far two states are the same, from all to not at all. */
public enum Level {
    /** To the byte. */
    EXACT,
    /** But for the order of fields, at whatever depth; elements of arrays are in the same order. */
    CANONICAL,
    /** Not. */
    DIFFERENT;

    /** The one that promises less. */
    Level or(Level other) {
        return compareTo(other) > 0 ? this : other;
    }
}
