package io.firedrill.runner;

import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A log in SARIF 2.1.0 with one run of ours, which rules and results are added to. */
final class SarifLog {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final ObjectNode log =
            mapper.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
    private final ArrayNode rules;
    private final ArrayNode results;

    SarifLog() {
        ObjectNode run = log.putArray("runs").addObject();
        rules = run.putObject("tool")
                .putObject("driver")
                .put("name", "firedrill")
                .putArray("rules");
        results = run.putArray("results");
    }

    /**
     * Adds a rule.
     *
     * @param help what to do about what it finds, or nothing
     */
    void rule(String id, String level, String text, String help) {
        ObjectNode described = rules.addObject().put("id", id);
        described.putObject("shortDescription").put("text", text);
        if (!help.isEmpty()) {
            described.putObject("help").put("text", help);
        }
        described.putObject("defaultConfiguration").put("level", level);
    }

    Result result(String rule, String level, String message) {
        ObjectNode result = results.addObject().put("ruleId", rule).put("level", level);
        result.putObject("message").put("text", Visible.of(message));
        return new Result(result);
    }

    void print(PrintStream out) {
        out.println(mapper.writeValueAsString(log));
    }

    /** One result, to say more about. */
    record Result(ObjectNode json) {
        /**
         * Says where it was found.
         *
         * @param path relative ones are below the root of the sources
         * @param line from 1, or 0 where there is none
         * @param logical the place's name within the file
         */
        void locate(String path, int line, String logical) {
            ObjectNode location = json.putArray("locations").addObject();
            ObjectNode physical = location.putObject("physicalLocation");
            ObjectNode artifact = physical.putObject("artifactLocation").put("uri", uri(path));
            if (!path.startsWith("/")) {
                artifact.put("uriBaseId", "SRCROOT");
            }
            if (line > 0) {
                physical.putObject("region").put("startLine", line);
            }
            location.putArray("logicalLocations").addObject().put("fullyQualifiedName", Visible.of(logical));
        }

        /** Says that it stands by somebody's will. */
        void suppress(String justification) {
            json.putArray("suppressions")
                    .addObject()
                    .put("kind", "inSource")
                    .put("justification", Visible.of(justification));
        }
    }

    private static String uri(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
