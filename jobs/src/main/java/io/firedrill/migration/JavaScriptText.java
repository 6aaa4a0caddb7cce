package io.firedrill.migration;

/** JavaScript without what is no code: comments, and what stands in strings, templates and regular expressions. */
final class JavaScriptText {
    private final String text;
    private final StringBuilder code = new StringBuilder();
    private int at;

    private JavaScriptText(String text) {
        this.text = text;
    }

    /** The code alone; quotes stay, without what was between them. */
    static String codeOf(String text) {
        return new JavaScriptText(text).strip();
    }

    private String strip() {
        while (at < text.length()) {
            char here = text.charAt(at);
            if (text.startsWith("//", at)) {
                skipTo("\n", 0);
            } else if (text.startsWith("/*", at)) {
                skipTo("*/", 2);
                code.append(' ');
            } else if (here == '"' || here == '\'' || here == '`' || (here == '/' && beginsExpression())) {
                quoted(here);
            } else {
                code.append(here);
                at++;
            }
        }
        return code.toString();
    }

    private void skipTo(String end, int length) {
        int found = text.indexOf(end, at + length);
        at = found < 0 ? text.length() : found + length;
    }

    /** A slash divides behind a value, and begins a regular expression elsewhere. */
    private boolean beginsExpression() {
        String before = code.toString().stripTrailing();
        return before.isEmpty()
                || "(,=:[!&|?{};<>+-*%~^".indexOf(before.charAt(before.length() - 1)) >= 0
                || before.endsWith("return");
    }

    private void quoted(char quote) {
        code.append(quote);
        at++;
        boolean inClass = false;
        while (at < text.length()) {
            char here = text.charAt(at);
            // In a class of a regular expression a slash ends nothing.
            inClass = quote == '/' && (here == '[' || (inClass && here != ']'));
            if (here == '\\') {
                at++;
            } else if (here == quote && !inClass) {
                break;
            } else if (here == '\n' && quote != '`') {
                break;
            }
            at++;
        }
        code.append(quote);
        at++;
    }
}
