package io.firedrill.migration;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the orders of all changes of a jar together. */
final class OrderLint {
    private static final Pattern NUMBERED = Pattern.compile("(?<prefix>.*?)(?<number>\\d+)");

    private final List<ChangeUnit> units;

    /**
     * @param units in the order in which Mongock runs them
     */
    OrderLint(List<ChangeUnit> units) {
        this.units = units;
    }

    List<Finding> findings(ChangeUnit unit) {
        var found = new ArrayList<Finding>();
        if (unit.order().isBlank()) {
            return found;
        }
        int at = units.indexOf(unit);
        units.stream()
                .skip(at + 1L)
                .filter(later -> isSmaller(later.order(), unit.order()))
                .findFirst()
                .ifPresent(later ->
                        found.add(LintRule.ORDER_NOT_PADDED.finding("order \"%s\" runs before order \"%s\" of %s"
                                .formatted(unit.order(), later.order(), later.className()))));
        units.stream()
                .filter(other -> !other.className().equals(unit.className())
                        && other.order().equals(unit.order()))
                .findFirst()
                .ifPresent(other -> found.add(LintRule.ORDER_DUPLICATE.finding(
                        "order \"%s\" is that of %s too".formatted(unit.order(), other.className()))));
        return found;
    }

    /** Whether one is smaller as a number with the same text before it. */
    private static boolean isSmaller(String one, String other) {
        Matcher first = NUMBERED.matcher(one);
        Matcher second = NUMBERED.matcher(other);
        return first.matches()
                && second.matches()
                && first.group("prefix").equals(second.group("prefix"))
                && new BigInteger(first.group("number")).compareTo(new BigInteger(second.group("number"))) < 0;
    }
}
