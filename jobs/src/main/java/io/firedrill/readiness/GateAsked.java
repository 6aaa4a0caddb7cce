package io.firedrill.readiness;

import io.firedrill.evidence.GateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a gate must have demanded of its reports, by the demands that its record states: one that passed because little was asked is
 * not what a task wants. What is empty is not asked.
 *
 * @param lines at least so many percent of the lines had to be covered
 * @param branches at least so many percent of the branches
 * @param skipped no more than so many tests might be skipped
 * @param allow findings of no graver level were let through, one of {@link #LEVELS}
 * @param format there was a report of this format
 */
public record GateAsked(
        OptionalDouble lines,
        OptionalDouble branches,
        OptionalLong skipped,
        Optional<String> allow,
        Optional<String> format) {
    /** Up to which level findings are let through; the strictest first. */
    public static final List<String> LEVELS = List.of("nothing", "notes", "warnings");

    public static final GateAsked NOTHING = new GateAsked(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    /** The report that findings are in; without one nothing was let through, and nothing held back. */
    private static final String FINDINGS = "sarif";

    List<String> words() {
        var words = new ArrayList<String>();
        lines.ifPresent(least -> words.add("min-lines: " + number(least)));
        branches.ifPresent(least -> words.add("min-branches: " + number(least)));
        skipped.ifPresent(most -> words.add("max-skipped: " + most));
        allow.ifPresent(level -> words.add("allow: " + level));
        format.ifPresent(name -> words.add("format: " + name));
        return words;
    }

    private static String number(double value) {
        return Double.toString(value).replaceAll("\\.0$", "");
    }

    /** The first thing asked for here that the gate did not demand; empty if it demanded as much or more. */
    Optional<String> lacking(GateResult said) {
        return Stream.of(
                        lines.isEmpty() || demanded(said, "lines") >= lines.getAsDouble() ? "" : "min-lines",
                        branches.isEmpty() || demanded(said, "branches") >= branches.getAsDouble()
                                ? ""
                                : "min-branches",
                        skipped.isEmpty() || -demanded(said, "skipped") >= -skipped.getAsLong() ? "" : "max-skipped",
                        allow.isEmpty() || isAsStrict(said, allow.get()) ? "" : "allow",
                        format.isEmpty() || has(said, format.get()) ? "" : "format")
                .filter(missing -> !missing.isEmpty())
                .flatMap(missing -> words().stream().filter(word -> word.startsWith(missing + ":")))
                .findFirst();
    }

    /** No number if it did not demand any, which is neither more nor less than what is asked. */
    private static double demanded(GateResult said, String what) {
        try {
            return said.demand(what).map(Double::parseDouble).orElse(Double.NaN);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private static boolean isAsStrict(GateResult said, String level) {
        int demanded = said.demand("findings let through").map(LEVELS::indexOf).orElse(-1);
        return has(said, FINDINGS) && demanded >= 0 && demanded <= LEVELS.indexOf(level);
    }

    private static boolean has(GateResult said, String format) {
        return said.reports().stream().anyMatch(report -> report.format().equals(format));
    }
}
