package io.firedrill.gate;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads SARIF 2.1.0 as its specification has it: §3.27.10 on levels, §3.27.23 on suppressions, §3.20.14 on runs that failed. */
final class SarifReport {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Map<Level, Long> findings = new EnumMap<>(Level.class);
    private long suppressed;
    private long unfinished;

    /** Of a finding; what is no failure has none. */
    private enum Level {
        ERROR,
        WARNING,
        NOTE,
        NONE
    }

    private SarifReport() {}

    static GateFigures read(byte[] bytes) throws NotAReport {
        JsonNode log;
        try {
            log = MAPPER.readTree(bytes);
        } catch (JacksonException _) {
            throw new NotAReport("is no whole JSON");
        }
        if (!log.path("version").asString("").equals("2.1.0")
                || !log.path("runs").isArray()) {
            throw new NotAReport("is no SARIF 2.1.0");
        }
        var report = new SarifReport();
        log.path("runs").forEach(report::run);
        return new GateFigures.Findings(
                log.path("runs").size(),
                report.unfinished,
                report.count(Level.ERROR),
                report.count(Level.WARNING),
                report.count(Level.NOTE),
                report.suppressed);
    }

    private long count(Level level) {
        return findings.getOrDefault(level, 0L);
    }

    /** A run without results is one in which nothing was looked for. */
    private void run(JsonNode run) {
        boolean failed = run.path("invocations")
                .valueStream()
                .anyMatch(invocation -> !invocation.path("executionSuccessful").asBoolean(true));
        if (failed || !run.path("results").isArray()) {
            unfinished++;
        }
        Map<String, String> defaults = defaults(run.at("/tool/driver/rules"));
        run.path("results").forEach(result -> result(result, run, defaults));
    }

    private static Map<String, String> defaults(JsonNode rules) {
        var levels = new HashMap<String, String>();
        rules.forEach(rule -> levels.put(
                rule.path("id").asString(""),
                rule.at("/defaultConfiguration/level").asString("warning")));
        return levels;
    }

    private void result(JsonNode result, JsonNode run, Map<String, String> defaults) {
        if (result.path("baselineState").asString("").equals("absent")) {
            return;
        }
        if (isSuppressed(result)) {
            suppressed++;
            return;
        }
        findings.merge(level(result, run, defaults), 1L, Long::sum);
    }

    /** Somebody asked for it, and nobody has refused or still to decide. */
    private static boolean isSuppressed(JsonNode result) {
        JsonNode suppressions = result.path("suppressions");
        return !suppressions.isEmpty()
                && suppressions
                        .valueStream()
                        .allMatch(
                                each -> each.path("status").asString("accepted").equals("accepted"));
    }

    private static Level level(JsonNode result, JsonNode run, Map<String, String> defaults) {
        if (!result.path("kind").asString("fail").equals("fail")) {
            return Level.NONE;
        }
        return switch (result.path("level").asString(standard(result, run, defaults))) {
            case "none" -> Level.NONE;
            case "note" -> Level.NOTE;
            case "warning" -> Level.WARNING;
            // A level that the specification does not know is not taken for a harmless one.
            default -> Level.ERROR;
        };
    }

    /** That of its rule; "CA1000/x" is a part of the rule CA1000. One that an extension defines is not looked up, and may be an error. */
    private static String standard(JsonNode result, JsonNode run, Map<String, String> defaults) {
        if (result.at("/rule/toolComponent").isObject()) {
            return "error";
        }
        String rule = rule(result, run);
        int slash = rule.lastIndexOf('/');
        String whole = slash > 0 && !defaults.containsKey(rule) ? rule.substring(0, slash) : rule;
        return defaults.getOrDefault(whole, "warning");
    }

    private static String rule(JsonNode result, JsonNode run) {
        JsonNode index = result.path("ruleIndex").isMissingNode() ? result.at("/rule/index") : result.path("ruleIndex");
        String named = result.path("ruleId").asString(result.at("/rule/id").asString(""));
        return named.isEmpty()
                ? run.at("/tool/driver/rules/" + index.asInt(-1) + "/id").asString("")
                : named;
    }
}
