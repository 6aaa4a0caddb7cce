package io.firedrill.evidence;

/** The report of a run as one self-contained page, made from its record alone. */
public final class HtmlReport {
    private HtmlReport() {}

    public static String render(RunRecord record) {
        return "<!doctype html><title>" + record.verdict() + "</title>";
    }
}
