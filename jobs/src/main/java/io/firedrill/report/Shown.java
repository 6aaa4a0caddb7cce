package io.firedrill.report;

import java.util.Locale;

/**
 * Texts of records as people are shown them. Whoever names a collection or writes a comment decides over no more than that
 * text: nothing in it turns its neighbours around, hides, or fills a page.
 */
final class Shown {
    /** Longer ones are cut; records, CSV and JSON have the whole of it. */
    static final int LENGTH_MAX = 160;

    private Shown() {}

    static String text(String text) {
        if (text.codePointCount(0, text.length()) <= LENGTH_MAX) {
            return visible(text);
        }
        String begin = text.substring(0, text.offsetByCodePoints(0, LENGTH_MAX));
        return visible(begin) + "\u2026 (cut, %,d characters)".formatted(text.length());
    }

    /** Characters without a look of their own, and those that steer the others, by their numbers. */
    private static String visible(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '\n' || point == '\t' || point == '\r') {
                shown.append(' ');
            } else if (hides(point)) {
                shown.append(numbered(point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.toString();
    }

    private static boolean hides(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** As "[U+202E]". */
    static String numbered(int point) {
        return String.format(Locale.ROOT, "[U+%04X]", point);
    }
}
