package io.firedrill.runner;

import java.util.regex.Pattern;

/**
 * Text of others in Markdown: whatever Markdown or HTML would make of it, it is shown as it is. What needs no mark of ours
 * gets none, since such a page is read as it stands, too.
 */
final class MarkdownText {
    /** A number sign would become an issue. Parentheses mean something after a bracket only. */
    private static final String SPECIAL = "\\`*{}[]#|~$";

    /** What begins a list at the start of a line, or is one. */
    private static final Pattern LIST = Pattern.compile("^(?:(?=[-+](?:\\s|$)|--)|\\d+(?=[.)](?:\\s|$)))");

    /** What becomes a link without any sign of one. */
    private static final Pattern BARE_LINK = Pattern.compile("(?i)www(?=\\.)");

    private static final String FENCE = "```";

    private MarkdownText() {}

    static String of(String text) {
        String visible = Visible.of(text);
        var marked = new StringBuilder(visible.length());
        for (int i = 0; i < visible.length(); i++) {
            marked.append(marked(visible, i));
        }
        String whole = LIST.matcher(marked).replaceFirst("$0\\\\");
        return BARE_LINK.matcher(whole).replaceAll("$0\\\\");
    }

    private static String marked(String text, int at) {
        char each = text.charAt(at);
        return switch (each) {
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '&' -> "&amp;";
            // A mention or an address would become a link, and somebody would be notified.
            case '@' -> "&#64;";
            case '_' -> isWithinAWord(text, at) ? "_" : "\\_";
            case ':' -> isOfALinkOrAnEmoji(text, at) ? "\\:" : ":";
            default -> SPECIAL.indexOf(each) >= 0 ? "\\" + each : Character.toString(each);
        };
    }

    private static boolean isOfALinkOrAnEmoji(String text, int at) {
        boolean opens = at + 1 < text.length() && text.charAt(at + 1) != ' ' && !isWithinAWord(text, at);
        return opens && (at == 0 || text.charAt(at + 1) == '/' || !Character.isLetterOrDigit(text.charAt(at - 1)));
    }

    private static boolean isWithinAWord(String text, int at) {
        return at > 0
                && at + 1 < text.length()
                && Character.isLetterOrDigit(text.charAt(at - 1))
                && Character.isLetterOrDigit(text.charAt(at + 1));
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
