package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.monitoring.Metric;
import io.firedrill.testing.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts, dashboard and documents speak of the same figures, and of no other. */
class MonitoringManifestsTest {
    private static final Path FOLDER = Documents.ROOT.resolve("k8s/components/monitoring");
    private static final String RUNBOOK = "https://firedrill.io/docs/OPERATIONS.md#";

    /** What others tell: kube-state-metrics, mongodb_exporter, and Prometheus of its alerts. */
    private static final Set<String> OF_OTHERS = Set.of(
            "kube_job_failed",
            "kube_cronjob_spec_suspend",
            "mongodb_rs_members_health",
            "mongodb_rs_members_state",
            "ALERTS");

    private static final Pattern NAMED = Pattern.compile("\\b((?:firedrill|kube|mongodb)_\\w+|ALERTS)(\\{[^}]*})?");
    private static final Pattern SELECTED = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    private record Alert(String name, String expr, JsonNode annotations, String severity) {}

    private static JsonNode yaml(String name) throws IOException {
        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FOLDER.resolve(name)));
        return JsonMapper.shared().valueToTree(read);
    }

    private static List<Alert> alerts() throws IOException {
        return yaml("rules.yaml")
                .at("/spec/groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .map(rule -> new Alert(
                        rule.path("alert").asString(),
                        rule.path("expr").asString(),
                        rule.path("annotations"),
                        rule.at("/labels/severity").asString()))
                .toList();
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("dashboard.json")));
    }

    private static List<String> queries() throws IOException {
        JsonNode dashboard = dashboard();
        Stream<String> panels = dashboard
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString());
        Stream<String> variables = dashboard
                .at("/templating/list")
                .valueStream()
                .map(variable -> variable.at("/query/query").asString(""));
        return Stream.concat(panels, variables)
                .filter(query -> !query.isEmpty())
                .toList();
    }

    @Test
    void everyAlertHasItsHeadingAndEveryHeadingItsAlert() throws IOException {
        List<String> headings = Files.readAllLines(Documents.ROOT.resolve("docs/OPERATIONS.md")).stream()
                .filter(line -> line.matches("### Firedrill[A-Z]\\w+"))
                .map(line -> line.substring(4))
                .toList();
        assertThat(alerts())
                .extracting(Alert::name)
                .containsExactlyElementsOf(headings)
                .hasSize(18);
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.annotations().path("runbook_url").asString())
                    .isEqualTo(RUNBOOK + alert.name().toLowerCase(Locale.ROOT));
            assertThat(alert.annotations().path("summary").asString()).endsWith(".");
            assertThat(alert.annotations().path("description").asString()).endsWith(".");
            assertThat(alert.severity()).isIn("critical", "warning");
        });
    }

    @Test
    void alertsAndDashboardAskForNothingThatIsNotMeasured() throws IOException {
        Map<String, List<Metric.Label>> ours =
                Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::word, Metric::labels));
        var asked = new TreeSet<String>();
        for (String expression : Stream.concat(alerts().stream().map(Alert::expr), queries().stream())
                .toList()) {
            Matcher named = NAMED.matcher(expression);
            assertThat(named.results()).as(expression).isNotEmpty();
            for (MatchResult each : named.reset().results().toList()) {
                String name = each.group(1);
                asked.add(name);
                if (OF_OTHERS.contains(name)) {
                    continue;
                }
                assertThat(ours).as(expression).containsKey(name);
                Set<String> labels = ours.getOrDefault(name, List.of()).stream()
                        .map(Metric.Label::word)
                        .collect(Collectors.toCollection(HashSet::new));
                labels.addAll(OF_PROMETHEUS);
                String selectors = each.group(2) == null ? "" : each.group(2);
                assertThat(SELECTED.matcher(selectors).results().map(found -> found.group(1)))
                        .as("labels of %s in %s", name, expression)
                        .isSubsetOf(labels);
            }
        }
        assertThat(asked).contains("firedrill_status", "firedrill_rto_actual_seconds", "kube_job_failed", "ALERTS");
    }

    @Test
    void theDocumentListsExactlyTheMetrics() throws IOException {
        List<String> rows = Files.readAllLines(Documents.ROOT.resolve("docs/OPERATIONS.md")).stream()
                .filter(line -> line.startsWith("| `firedrill_"))
                .toList();
        assertThat(rows)
                .isEqualTo(Arrays.stream(Metric.values())
                        .map(metric -> "| `%s` | %s | %s |"
                                .formatted(
                                        metric.word(),
                                        metric.labels().stream()
                                                .map(label -> "`" + label.word() + "`")
                                                .collect(Collectors.joining(" ")),
                                        metric.help()))
                        .toList());
    }

    @Test
    void everyAlertIsTestedBothWays() throws IOException {
        List<String> tests = yaml("rules.test.yaml")
                .path("tests")
                .valueStream()
                .map(test -> test.path("name").asString())
                .toList();
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(tests).anyMatch(test -> test.startsWith(alert.name() + " fires: "));
            assertThat(tests).anyMatch(test -> test.startsWith(alert.name() + " is quiet: "));
        });
    }

    @Test
    void prometheusFiresThemAsTheirTestsSay(@TempDir Path directory) throws IOException, InterruptedException {
        Path rules = directory.resolve("rules.yaml");
        Files.writeString(
                rules,
                new Yaml()
                        .dump(JsonMapper.shared().treeToValue(yaml("rules.yaml").path("spec"), Map.class)));
        Path tests = Files.copy(FOLDER.resolve("rules.test.yaml"), directory.resolve("rules.test.yaml"));
        Promtool.Said checked = Promtool.run(rules, "check", "rules", rules.toString());
        assertThat(checked.text()).contains("SUCCESS: 18 rules found");
        Promtool.Said said = Promtool.run(rules, "test", "rules", tests.toString());
        assertThat(said.code()).as(said.text()).isZero();
    }

    @Test
    void theDashboardIsOneThatGrafanaTakesAnywhere() throws IOException {
        JsonNode dashboard = dashboard();
        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        assertThat(dashboard.path("uid").asString()).isNotEmpty();
        List<Integer> ids = dashboard
                .path("panels")
                .valueStream()
                .map(panel -> panel.path("id").asInt())
                .toList();
        assertThat(ids).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates().doesNotContain(0);
        assertThat(dashboard.findValues("datasource"))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.path("uid").asString()).isEqualTo("${datasource}"));
        assertThat(dashboard.path("id").isMissingNode())
                .as("no number of some database")
                .isTrue();
        assertThat(dashboard.path("panels")).allSatisfy(panel -> {
            assertThat(panel.path("title").asString()).isNotEmpty();
            assertThat(panel.path("targets")).isNotEmpty();
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
        });
    }

    @Test
    void noPanelLiesOnAnother() throws IOException {
        var cells = new HashSet<String>();
        for (JsonNode panel : dashboard().path("panels")) {
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell = "%d %d"
                            .formatted(
                                    place.path("x").asInt() + x, place.path("y").asInt() + y);
                    assertThat(cells.add(cell))
                            .as("%s at %s", panel.path("title"), cell)
                            .isTrue();
                }
            }
        }
    }
}
