package io.firedrill.gate;

/** Reads lcov's tracefile: one block a source file, from SF to end_of_record, with its sums in LF, LH, BRF and BRH. */
final class LcovReport {
    private long lines;
    private long linesHit;
    private long branches;
    private long branchesHit;
    private boolean inBlock;
    private boolean any;

    private LcovReport() {}

    static GateFigures read(String text) throws NotAReport {
        var report = new LcovReport();
        for (String line : text.lines().toList()) {
            report.take(line.strip());
        }
        if (!report.any || report.inBlock) {
            throw new NotAReport(report.any ? "breaks off in the middle of a file" : "is no report that is known");
        }
        return new GateFigures.Coverage(
                GateFigures.Share.counted(report.linesHit, report.lines),
                GateFigures.Share.counted(report.branchesHit, report.branches));
    }

    private void take(String line) throws NotAReport {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        switch (name) {
            case "SF" -> {
                if (inBlock) {
                    throw new NotAReport("begins a file in the middle of another");
                }
                inBlock = true;
                any = true;
            }
            case "LF" -> lines += number(line, value);
            case "LH" -> linesHit += number(line, value);
            case "BRF" -> branches += number(line, value);
            case "BRH" -> branchesHit += number(line, value);
            case "end_of_record" -> inBlock = false;
            default -> {}
        }
    }

    private static long number(String line, String value) throws NotAReport {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new NotAReport("has a line '%s'".formatted(line));
        }
    }
}
