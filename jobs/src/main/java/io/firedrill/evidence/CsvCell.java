package io.firedrill.evidence;

/** A text in a table that a spreadsheet will open. */
public final class CsvCell {
    private CsvCell() {}

    /** The text; what a spreadsheet would take for a formula gets an apostrophe before it. */
    public static String of(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0;
        return formula ? "'" + text : text;
    }
}
