package io.firedrill.verify;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A document that is not the same before and after.
 *
 * @param id shortened, and by digest where it may be somebody's name
 * @param places of one that was changed, where they differ; the first 20
 */
public record DocumentDifference(String id, Kind kind, List<PathDifference> places) {
    /** What became of it. */
    public enum Kind {
        MISSING("missing"),
        SURPLUS("surplus"),
        CHANGED("changed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    public DocumentDifference {
        places = List.copyOf(places);
    }

    @Override
    public String toString() {
        String where = places.stream().map(PathDifference::toString).collect(Collectors.joining("; "));
        return "%s %s%s".formatted(kind.word, id, where.isEmpty() ? "" : ": " + where);
    }
}
