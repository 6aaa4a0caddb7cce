package io.firedrill.evidence;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The recovery time against its target, as a bar with a mark. */
final class RtoBar {
    /** Room to the right of the longer of both, so that the mark is never the edge. */
    private static final double HEADROOM = 1.15;

    private final OptionalDouble actual;
    private final OptionalDouble target;
    private final RunRecord record;

    RtoBar(RunRecord record) {
        this.record = record;
        this.actual = record.rtoSeconds();
        this.target = record.rtoTargetSeconds();
    }

    Map<String, Object> values() {
        double scale = HEADROOM * Math.max(0.001, Math.max(actual.orElse(0), target.orElse(0)));
        double mark = 100 * target.orElse(0) / scale;
        var values = new HashMap<String, Object>();
        values.put("actual", actual.isPresent() ? Units.duration(actual.getAsDouble()) : "not reached");
        values.put("reached", actual.isPresent());
        values.put("width", percent(100 * actual.orElse(0) / scale));
        values.put("scope", record.rtoScope().orElse(""));
        values.put("hasTarget", target.isPresent());
        values.put("target", target.isPresent() ? Units.brief(target.getAsDouble()) : "");
        values.put("mark", percent(mark));
        values.put("source", record.json().at("/objectives/source").asString(""));
        values.put("word", word());
        values.put("state", target.isEmpty() ? "none" : record.rtoMet() ? "met" : "missed");
        return values;
    }

    private String word() {
        if (target.isEmpty()) {
            return "no target was set";
        }
        if (actual.isEmpty()) {
            return "target " + Units.brief(target.getAsDouble()) + ", not met";
        }
        double rest = target.getAsDouble() - actual.getAsDouble();
        return rest >= 0
                ? "within the target, %s to spare".formatted(Units.duration(rest))
                : "over the target by %s".formatted(Units.duration(-rest));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
