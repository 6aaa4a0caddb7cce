package io.firedrill.report;

import java.util.Locale;

/** Writes well-formed HTML: whatever is said or given as a value is escaped, and there is no other way in. */
final class Markup {
    private final StringBuilder out = new StringBuilder();

    /** Opens an element; attributes are names and values in turn. */
    Markup open(String element, String... attributes) {
        return tag(element, ">", attributes);
    }

    /** An element without content. */
    Markup single(String element, String... attributes) {
        return tag(element, "/>", attributes);
    }

    private Markup tag(String element, String end, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escaped(attributes[i + 1]);
            out.append('"');
        }
        out.append(end);
        return this;
    }

    Markup close(String element) {
        out.append("</").append(element).append(">");
        return this;
    }

    Markup line() {
        out.append('\n');
        return this;
    }

    Markup text(String text) {
        escaped(text);
        return this;
    }

    /** An element with nothing but a text in it. */
    Markup said(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close(element);
    }

    /** What we wrote ourselves and ship: a doctype, a style sheet. */
    Markup ours(String constant) {
        out.append(constant);
        return this;
    }

    private void escaped(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n' -> out.append('\n');
                default -> {
                    // The last gate: what hides, or turns its neighbours around, does not get past it.
                    if (Shown.hides(point)) {
                        out.append(Shown.numbered(point));
                    } else {
                        out.appendCodePoint(point);
                    }
                }
            }
        });
    }

    /** A length of a drawing, to a tenth. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
