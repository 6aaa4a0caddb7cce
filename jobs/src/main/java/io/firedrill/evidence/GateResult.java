package io.firedrill.evidence;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a gate of a build came to, by the reports that its tools wrote.
 *
 * @param gate its name, such as {@code unit-tests}
 * @param reasons why it did not pass; empty if it did
 * @param demands what was asked of the reports, in words: {@code lines: 80.0}
 * @param measuredAt when the oldest of the reports was written: from then on the result ages
 * @param commit that was built; empty if nobody said
 * @param link to the build; empty if nobody said
 */
public record GateResult(
        String gate,
        List<String> reasons,
        List<String> demands,
        List<Report> reports,
        Instant measuredAt,
        String commit,
        String link,
        String operator)
        implements Declaration {
    public GateResult {
        reasons = List.copyOf(reasons);
        demands = List.copyOf(demands);
        reports = List.copyOf(reports);
    }

    /** A report, by its digest, and what it counts. */
    public record Report(String name, String format, String sha256, long bytes, Map<String, Long> figures) {
        public Report {
            figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        }
    }

    /** Computed from the reports, never typed. */
    public boolean passed() {
        return reasons.isEmpty();
    }

    /** {@code PASSED} or {@code FAILED}. */
    public String outcome() {
        return passed() ? Outcome.PASSED.name() : Outcome.FAILED.name();
    }

    /** What was asked under this name, such as {@code lines}; empty if nothing was. */
    public Optional<String> demand(String name) {
        String begins = name + ": ";
        return demands.stream()
                .filter(words -> words.startsWith(begins))
                .map(words -> words.substring(begins.length()))
                .findFirst();
    }

    /** All that was asked, and of which formats, for a person. */
    public String asked() {
        String formats = reports.stream().map(Report::format).distinct().collect(Collectors.joining(", "));
        return String.join("; ", demands) + (formats.isEmpty() ? "" : "; reports: " + formats);
    }

    @Override
    public EntryKind kind() {
        return EntryKind.GATE;
    }

    @Override
    public ObjectNode predicate(String time) {
        ObjectNode json = Json.object()
                .put("kind", kind().word())
                .put("operator", operator)
                .put("timeCreated", time)
                .put("gate", gate)
                .put("outcome", outcome())
                .put("measuredAt", measuredAt.toString())
                .put("commit", commit)
                .put("link", link);
        ArrayNode why = json.putArray("reasons");
        reasons.forEach(why::add);
        ArrayNode asked = json.putArray("demands");
        demands.forEach(asked::add);
        ArrayNode read = json.putArray("reports");
        reports.forEach(report -> put(read.addObject(), report));
        return json;
    }

    private static void put(ObjectNode json, Report report) {
        json.put("name", report.name())
                .put("format", report.format())
                .put("sha256", report.sha256())
                .put("bytes", report.bytes());
        ObjectNode figures = json.putObject("figures");
        report.figures().forEach(figures::put);
    }

    /** Reads it back; the entry has to be of this kind. One that does not say PASSED has not. */
    public static GateResult of(LedgerEntry entry) {
        ObjectNode stated = entry.predicate();
        List<String> reasons = stated.path("reasons")
                .valueStream()
                .map(reason -> reason.asString(""))
                .toList();
        boolean passed = entry.text("/outcome").equals(Outcome.PASSED.name());
        return new GateResult(
                entry.text("/gate"),
                passed || !reasons.isEmpty() ? reasons : List.of("no reason is given"),
                stated.path("demands")
                        .valueStream()
                        .map(each -> each.asString(""))
                        .toList(),
                stated.path("reports").valueStream().map(GateResult::report).toList(),
                Instant.parse(entry.text("/measuredAt")),
                entry.text("/commit"),
                entry.text("/link"),
                entry.operator());
    }

    private static Report report(JsonNode json) {
        var figures = new LinkedHashMap<String, Long>();
        json.path("figures")
                .properties()
                .forEach(each -> figures.put(each.getKey(), each.getValue().asLong(0)));
        return new Report(
                json.path("name").asString(""),
                json.path("format").asString(""),
                json.path("sha256").asString(""),
                json.path("bytes").asLong(0),
                figures);
    }
}
