package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;

/** The waterfall of a run: every position is a percentage of the axis, so that the page may have any width. */
final class PhaseChart {
    private static final int TICKS_MAX = 6;
    private static final double WIDTH_MIN = 0.35;

    private static final SequencedMap<String, String> LEGEND = new LinkedHashMap<>();

    static {
        LEGEND.put("done", "done");
        LEGEND.put("failed", "failed");
        LEGEND.put("outside", "outside RTO");
        LEGEND.put("gap", "between attempts");
        LEGEND.put("target", "RTO target");
    }

    private final JsonNode json;
    private final double axis;

    PhaseChart(JsonNode json) {
        this.json = json;
        double phasesEnd = json.at("/measurement/phases")
                .valueStream()
                .mapToDouble(phase -> number(phase, "offsetSeconds") + number(phase, "seconds"))
                .max()
                .orElse(0);
        this.axis = Math.max(
                0.001, Math.max(phasesEnd, json.at("/when/elapsedSeconds").asDouble(0)));
    }

    Map<String, Object> values() {
        return Map.of("rows", rows(), "ticks", ticks(), "target", target(), "legend", legend());
    }

    /** Only what the chart shows, and nothing if all bars are of the plain kind. */
    private List<Map<String, String>> legend() {
        var kinds = rows().stream().map(row -> String.valueOf(row.get("kind"))).toList();
        var legend = new ArrayList<Map<String, String>>();
        LEGEND.forEach((kind, label) -> {
            if (kinds.contains(kind) || (kind.equals("target") && !target().isEmpty())) {
                legend.add(Map.of("kind", kind, "label", label));
            }
        });
        return legend.size() == 1 ? List.of() : legend;
    }

    /** The target's place on the axis, or empty if it lies beyond or there is none. */
    private String target() {
        boolean recovers = json.at("/measurement/rto").isObject();
        double target = json.at("/objectives/rtoSeconds").asDouble(Double.MAX_VALUE);
        return recovers && target <= axis ? percent(target) : "";
    }

    private List<Map<String, Object>> ticks() {
        double step = Units.step(axis, TICKS_MAX);
        return DoubleStream.iterate(0, tick -> tick <= axis, tick -> tick + step)
                .limit(100)
                .mapToObj(tick -> Map.<String, Object>of(
                        "x", percent(tick),
                        "label", tick == 0 ? "0" : Units.brief(tick),
                        "anchor", tick == 0 ? "start" : tick > 0.94 * axis ? "end" : "middle"))
                .toList();
    }

    private List<Map<String, Object>> rows() {
        var rows = new ArrayList<Map<String, Object>>();
        JsonNode attempts = json.at("/run/attempts");
        double reached = 0;
        for (JsonNode attempt : attempts) {
            double offset = number(attempt, "offsetSeconds");
            if (attempts.size() > 1) {
                if (rows.size() > 0) {
                    rows.add(row("gap", "not recorded", reached, offset - reached));
                }
                rows.add(heading(attempt));
            }
            phases(attempt.path("attempt").asInt(1), rows);
            reached = offset + number(attempt, "seconds");
        }
        return rows;
    }

    private void phases(int attempt, List<Map<String, Object>> rows) {
        json.at("/measurement/phases")
                .valueStream()
                .filter(phase -> phase.path("attempt").asInt(1) == attempt)
                .sorted((one, other) -> Double.compare(number(one, "offsetSeconds"), number(other, "offsetSeconds")))
                .forEach(phase -> rows.add(phase(phase)));
    }

    private Map<String, Object> phase(JsonNode phase) {
        boolean failed = phase.path("failed").asBoolean(false);
        boolean recovers = json.at("/measurement/rto").isObject();
        boolean outside = recovers && !phase.path("insideRto").asBoolean(false);
        var row = row(
                failed ? "failed" : outside ? "outside" : "done",
                phase.path("name").asString(""),
                number(phase, "offsetSeconds"),
                number(phase, "seconds"));
        row.put("failed", failed);
        row.put("outside", outside);
        return row;
    }

    private Map<String, Object> row(String kind, String name, double offset, double seconds) {
        var row = new HashMap<String, Object>();
        double width = Math.max(WIDTH_MIN, Math.min(100, 100 * seconds / axis));
        double begin = Math.max(0, Math.min(100 - width, 100 * offset / axis));
        row.put("kind", kind);
        row.put("name", name);
        row.put("x", "%s%%".formatted(digits(begin)));
        row.put("width", "%s%%".formatted(digits(width)));
        row.put("seconds", Units.duration(seconds));
        row.put("title", "%s: from %s, for %s".formatted(name, Units.duration(offset), Units.duration(seconds)));
        row.put("failed", false);
        row.put("outside", false);
        return row;
    }

    private static Map<String, Object> heading(JsonNode attempt) {
        return Map.of(
                "kind", "heading",
                "name", "Attempt %d".formatted(attempt.path("attempt").asInt(1)),
                "host", attempt.path("host").asString(""),
                "startedAt", attempt.path("startedAt").asString(""));
    }

    private String percent(double seconds) {
        return digits(Math.min(100, 100 * seconds / axis)) + "%";
    }

    private static String digits(double percent) {
        return String.format(Locale.ROOT, "%.2f", percent);
    }

    private static double number(JsonNode node, String field) {
        return node.path(field).asDouble(0);
    }
}
