package io.firedrill.gate;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one report counts. */
public sealed interface GateFigures {
    /** By name, in the order in which they are shown and recorded. */
    Map<String, Long> counts();

    /** On one line, for a person. */
    String words();

    /** Tests by what became of them; {@code failed} holds errors too. */
    record Tests(long run, long failed, long skipped) implements GateFigures {
        @Override
        public Map<String, Long> counts() {
            return ordered("tests", run, "failed", failed, "skipped", skipped);
        }

        @Override
        public String words() {
            return "%,d tests, %,d failed, %,d skipped".formatted(run, failed, skipped);
        }
    }

    /** Lines and branches that were run, of those that there are. */
    record Coverage(Share lines, Share branches) implements GateFigures {
        @Override
        public Map<String, Long> counts() {
            return ordered(
                    "lines",
                    lines.all(),
                    "linesCovered",
                    lines.covered(),
                    "branches",
                    branches.all(),
                    "branchesCovered",
                    branches.covered());
        }

        @Override
        public String words() {
            return "lines %s, branches %s".formatted(lines.words(), branches.words());
        }
    }

    /**
     * Findings of an analysis by their level; one that was suppressed or is gone since a baseline counts in none.
     *
     * @param unfinished runs that did not come to their end, by what they say themselves
     */
    record Findings(long runs, long unfinished, long errors, long warnings, long notes, long suppressed)
            implements GateFigures {
        @Override
        public Map<String, Long> counts() {
            Map<String, Long> counts = ordered("runs", runs, "unfinished", unfinished, "errors", errors);
            counts.putAll(ordered("warnings", warnings, "notes", notes, "suppressed", suppressed));
            return counts;
        }

        @Override
        public String words() {
            return "%,d errors, %,d warnings, %,d notes, %,d suppressed".formatted(errors, warnings, notes, suppressed);
        }
    }

    /** How many of how many. */
    record Share(long covered, long all) {
        public Share {
            if (covered < 0 || all < covered) {
                throw new IllegalArgumentException("%d of %d".formatted(covered, all));
            }
        }

        /** As a report counts it, which may be no count at all. */
        static Share counted(long covered, long all) throws NotAReport {
            if (covered < 0 || all < covered) {
                throw new NotAReport("counts %d of %d as covered".formatted(covered, all));
            }
            return new Share(covered, all);
        }

        /** In percent, rounded down to a tenth: 79.96 is not 80. */
        double percent() {
            return all == 0 ? 0 : Math.floor(covered * 1000.0 / all) / 10;
        }

        /** Compared without rounding. */
        boolean reaches(double percent) {
            return covered * 100.0 >= percent * all;
        }

        private String words() {
            return all == 0 ? "none" : "%.1f %%".formatted(percent());
        }
    }

    private static Map<String, Long> ordered(Object... pairs) {
        var counts = new LinkedHashMap<String, Long>();
        for (int i = 0; i < pairs.length; i += 2) {
            counts.put((String) pairs[i], (Long) pairs[i + 1]);
        }
        return counts;
    }
}
