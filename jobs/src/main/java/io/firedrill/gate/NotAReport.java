package io.firedrill.gate;

/** A file that is no report, or no whole one. */
final class NotAReport extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    /** @param why what is wrong, to be said after the file's name */
    NotAReport(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
