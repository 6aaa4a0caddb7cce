package io.firedrill.runner;

import io.firedrill.migration.Artefact;
import io.firedrill.migration.ChangeState;
import io.firedrill.migration.LintRule;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes findings, and changes that drifted, as SARIF 2.1.0. */
final class MigrationsSarif implements MigrationsPrinter {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PrintStream out;

    MigrationsSarif(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(MigrationsResult result) {
        ObjectNode log = mapper.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver").put("name", "firedrill");
        rules(driver.putArray("rules"));
        ArrayNode results = run.putArray("results");
        result.findings().forEach(finding -> add(results, finding, result.tool()));
        for (MigrationsResult.Line change : result.changes()) {
            change.findings().forEach(finding -> locate(add(results, finding, change.name()), result.tool(), change));
            if (change.drifted() && change.state() != null) {
                String message =
                        change.name() + " is " + change.state() + (change.note().isEmpty() ? "" : ": " + change.note());
                locate(add(results, id(change.state()), "error", message), result.tool(), change);
            }
        }
        out.println(mapper.writeValueAsString(log));
    }

    private static void rules(ArrayNode rules) {
        for (LintRule rule : LintRule.values()) {
            ObjectNode described = rules.addObject().put("id", rule.id());
            described.putObject("shortDescription").put("text", rule.why());
            described.putObject("help").put("text", rule.recipe());
            described
                    .putObject("defaultConfiguration")
                    .put("level", rule.level().name().toLowerCase(Locale.ROOT));
        }
        for (ChangeState state : ChangeState.values()) {
            if (state.isDrift()) {
                ObjectNode described = rules.addObject().put("id", id(state));
                described
                        .putObject("shortDescription")
                        .put(
                                "text",
                                "Code and database disagree: " + state + "; docs/MIGRATIONS.md says what it means.");
                described.putObject("defaultConfiguration").put("level", "error");
            }
        }
    }

    private static String id(ChangeState state) {
        return "state-" + state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode add(ArrayNode results, MigrationsResult.Lint finding, String about) {
        return add(
                results,
                finding.rule(),
                finding.level(),
                "%s: %s. %s %s".formatted(about, finding.detail(), finding.why(), finding.recipe()));
    }

    private static ObjectNode add(ArrayNode results, String rule, String level, String message) {
        ObjectNode result = results.addObject().put("ruleId", rule).put("level", level);
        result.putObject("message").put("text", Visible.of(message));
        return result;
    }

    /** Of a class the file that it was most likely compiled from, below the root of the sources. */
    private static void locate(ObjectNode result, String tool, MigrationsResult.Line change) {
        if (change.where().isEmpty()) {
            return;
        }
        ObjectNode location = result.putArray("locations").addObject();
        boolean java = tool.equals(Artefact.MONGOCK);
        String path = java ? change.where().replaceFirst("\\$.*", "").replace('.', '/') + ".java" : change.where();
        location.putObject("physicalLocation")
                .putObject("artifactLocation")
                .put("uri", uri(path))
                .put("uriBaseId", "SRCROOT");
        location.putArray("logicalLocations").addObject().put("fullyQualifiedName", Visible.of(change.where()));
    }

    private static String uri(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
