package io.firedrill.runner;

/** Text of others, made safe to print: what would steer a terminal or turn the line around is written as its number. */
final class Visible {
    private Visible() {}

    static String of(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isHarmless(point)) {
                shown.appendCodePoint(point);
            } else {
                shown.append("\\u{%x}".formatted(point));
            }
        });
        return shown.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
