package io.firedrill.report;

import java.util.List;
import java.util.Optional;

/**
 * A drawing with the words for who cannot see it.
 *
 * @param id unique on its page
 * @param words what it shows, in a sentence or two
 * @param keys what its signs and colours mean
 */
record Chart(String id, String title, String words, double width, double height, List<Shape> shapes, List<Key> keys) {
    /** All charts are as wide, so that their words are of one size. */
    static final double WIDTH = 720;

    static final double LETTERS = 11;

    Chart {
        shapes = List.copyOf(shapes);
        keys = List.copyOf(keys);
    }

    /** The same among others of its sort on one page. */
    Chart among(String suffix, String of) {
        return new Chart(id + suffix, title + of, words, width, height, shapes, keys);
    }

    /** One entry of the legend: a sign, or else a colour. */
    record Key(String text, Optional<Sign> sign, Ink ink, boolean dashed) {
        static Key of(Sign sign) {
            return new Key(sign.words(), Optional.of(sign), sign.ink(), false);
        }

        static Key of(String text, Ink ink) {
            return new Key(text, Optional.empty(), ink, false);
        }

        static Key dashed(String text, Ink ink) {
            return new Key(text, Optional.empty(), ink, true);
        }
    }
}
