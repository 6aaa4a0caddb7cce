package io.firedrill.report;

import java.util.Locale;

/**
 * Texts of records as people are shown them. Whoever names a collection or writes a comment decides over no more than that
 * text: nothing in it turns its neighbours around, hides, or fills a page.
 */
final class Shown {
    /** Longer ones are cut; records, CSV and JSON have the whole of it. */
    static final int LENGTH_MAX = 160;

    private static final int BRIEF_MAX = 26;

    private Shown() {}

    static String text(String text) {
        if (text.codePointCount(0, text.length()) <= LENGTH_MAX) {
            return visible(text);
        }
        String begin = text.substring(0, text.offsetByCodePoints(0, LENGTH_MAX));
        return visible(begin) + "\u2026 (cut, %,d characters)".formatted(text.length());
    }

    /** As a name in a chart, where there is no room for more. */
    static String brief(String name) {
        String visible = visible(name.substring(0, Math.min(name.length(), BRIEF_MAX)));
        return name.length() > BRIEF_MAX ? visible + "\u2026" : visible;
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

    /** Whether a character has no look of its own, or steers those around it. */
    static boolean hides(int point) {
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
