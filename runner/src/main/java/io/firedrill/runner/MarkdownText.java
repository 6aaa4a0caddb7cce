package io.firedrill.runner;

import java.util.stream.Collectors;

/** Text of others in Markdown: whatever Markdown or HTML would make of it, it is shown as it is. */
final class MarkdownText {
    /** A number sign would become an issue, and a colon part of a link. */
    private static final String SPECIAL = "\\`*_{}[]()#!|~:$";

    private static final String FENCE = "```";

    private MarkdownText() {}

    static String of(String text) {
        return Visible.of(text)
                .codePoints()
                .mapToObj(point -> {
                    String each = Character.toString(point);
                    return switch (each) {
                        case "<" -> "&lt;";
                        case ">" -> "&gt;";
                        case "&" -> "&amp;";
                        // A mention or an address would become a link, and somebody would be notified.
                        case "@" -> "&#64;";
                        default -> SPECIAL.contains(each) ? "\\" + each : each;
                    };
                })
                .collect(Collectors.joining());
    }

    /** Lines to be copied, as they are; the fence is longer than any that is in them. */
    static String block(String language, String lines) {
        String fence = FENCE;
        while (lines.contains(fence)) {
            fence += "`";
        }
        return "%s%s\n%s\n%s\n".formatted(fence, language, lines, fence);
    }
}
