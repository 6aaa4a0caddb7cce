package io.firedrill.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a gate asks of its reports: of those of tests all together, since tools write one for each class, of any other by itself.
 * A test that failed and an analysis that did not come to its end are never let through, nor is it if nothing was tested or measured.
 *
 * @param lines how many percent of the lines have to be covered
 * @param branches how many percent of the branches
 * @param skipped how many tests may be skipped in all; any number if empty, as long as one is run
 * @param let the gravest findings that are let through
 */
public record GateDemand(OptionalDouble lines, OptionalDouble branches, OptionalLong skipped, Let let) {
    /** Findings up to which level are let through. Errors never are: a check that cannot fail is none. */
    public enum Let {
        NOTHING,
        NOTES,
        WARNINGS
    }

    /** Why these reports do not pass; empty if they do. */
    public List<String> refuses(List<GateReport> reports) {
        var reasons = new ArrayList<String>();
        long run = 0;
        long skippedTests = 0;
        boolean tests = false;
        for (GateReport report : reports) {
            for (String why : reasons(report.figures())) {
                reasons.add(report.name() + ": " + why);
            }
            if (report.figures() instanceof GateFigures.Tests counted) {
                tests = true;
                run += counted.run();
                skippedTests += counted.skipped();
            }
        }
        if (tests && run == 0) {
            reasons.add("no test was run");
        }
        if (skipped.isPresent() && skippedTests > skipped.getAsLong()) {
            reasons.add("%,d tests were skipped, and %,d may be".formatted(skippedTests, skipped.getAsLong()));
        }
        return reasons;
    }

    /** What cannot be asked of these reports, since none of them says it, or what has to be asked; empty if all is well. */
    public Optional<String> mismatch(List<GateReport> reports) {
        boolean coverage = reports.stream().anyMatch(report -> report.format().isCoverage());
        boolean asked = lines.isPresent() || branches.isPresent();
        if (coverage && !asked) {
            return Optional.of("there are reports of coverage, and nothing says how much of it is enough");
        }
        if (!coverage && asked) {
            return Optional.of("coverage is asked for, and no report has any");
        }
        boolean tests = reports.stream().anyMatch(report -> report.format() == GateFormat.JUNIT);
        return skipped.isPresent() && !tests
                ? Optional.of("there is a limit for skipped tests, and no report of tests")
                : Optional.empty();
    }

    private List<String> reasons(GateFigures figures) {
        return switch (figures) {
            case GateFigures.Tests tests -> tests(tests);
            case GateFigures.Coverage coverage -> coverage(coverage);
            case GateFigures.Findings findings -> findings(findings);
        };
    }

    private static List<String> tests(GateFigures.Tests tests) {
        return tests.failed() > 0 ? List.of("%,d tests failed".formatted(tests.failed())) : List.of();
    }

    private List<String> coverage(GateFigures.Coverage coverage) {
        var reasons = new ArrayList<String>();
        lines.ifPresent(least -> reason("line", coverage.lines(), least).ifPresent(reasons::add));
        branches.ifPresent(least -> reason("branch", coverage.branches(), least).ifPresent(reasons::add));
        return reasons;
    }

    private static Optional<String> reason(String what, GateFigures.Share share, double least) {
        if (share.all() == 0) {
            return Optional.of("no %s was measured".formatted(what));
        }
        return share.reaches(least)
                ? Optional.empty()
                : Optional.of("%s coverage is %.1f %%, and %s %% is asked for"
                        .formatted(what, share.percent(), Double.toString(least).replaceAll("\\.0$", "")));
    }

    private List<String> findings(GateFigures.Findings findings) {
        var reasons = new ArrayList<String>();
        if (findings.runs() == 0) {
            reasons.add("nothing was analysed");
        }
        if (findings.unfinished() > 0) {
            reasons.add("%,d runs of the analysis did not come to their end".formatted(findings.unfinished()));
        }
        long refused = findings.errors()
                + (let == Let.WARNINGS ? 0 : findings.warnings())
                + (let == Let.NOTHING ? findings.notes() : 0);
        if (refused > 0) {
            reasons.add("%,d findings are not let through (%s)".formatted(refused, findings.words()));
        }
        return reasons;
    }

    /** The demand in words, by which it is recorded. */
    public List<String> words() {
        var words = new ArrayList<String>();
        lines.ifPresent(least -> words.add("lines: " + least));
        branches.ifPresent(least -> words.add("branches: " + least));
        skipped.ifPresent(most -> words.add("skipped: " + most));
        words.add("findings let through: " + let.name().toLowerCase(Locale.ROOT));
        return words;
    }
}
