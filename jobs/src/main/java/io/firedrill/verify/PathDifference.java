package io.firedrill.verify;

/**
 * A place in which two documents differ, without its values.
 *
 * @param path names of fields and positions in arrays, with dots; empty for the document itself
 * @param types the types before and after where they differ, else empty
 */
public record PathDifference(String path, How how, String types) {
    private static final int LENGTH_MAX = 200;

    /** How a place differs. */
    public enum How {
        MISSING("is missing"),
        ADDED("was added"),
        TYPE("has another type"),
        VALUE("has another value"),
        ORDER("has its fields in another order");

        private final String words;

        How(String words) {
            this.words = words;
        }
    }

    public PathDifference {
        // A name can be as long as a document.
        path = path.length() > LENGTH_MAX ? path.substring(0, LENGTH_MAX) + "…" : path;
    }

    @Override
    public String toString() {
        String where = path.isEmpty() ? "the document" : path;
        return types.isEmpty() ? where + " " + how.words : "%s %s (%s)".formatted(where, how.words, types);
    }
}
