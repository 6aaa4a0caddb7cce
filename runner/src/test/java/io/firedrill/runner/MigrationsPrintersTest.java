package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.migration.ChangeState;
import io.firedrill.migration.LintRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MigrationsPrintersTest {
    /** Steers a terminal, begins a formula, closes a table, a tag and a string, turns the line around, mentions somebody. */
    static final String HOSTILE =
            "=cmd|' /C calc'!A0 \u001b[31m\n\r\u0000|<script>alert(1)</script>\"]]>&\u202e@all `x` [a](b)\uD800";

    static final Instant THEN = Instant.parse("2026-11-22T03:15:00.123Z");

    static MigrationsResult.Line line(String id, ChangeState state, String note) {
        return new MigrationsResult.Line(
                id,
                "ada",
                "001",
                "com.acme.C001$Inner",
                state,
                state == ChangeState.PENDING,
                state == ChangeState.APPLIED ? THEN : null,
                "EXECUTED",
                state == ChangeState.APPLIED ? "host" : "",
                "run",
                12L,
                true,
                false,
                "present",
                "abc",
                note,
                List.of());
    }

    private static MigrationsResult.Lint lint(LintRule rule, String detail) {
        return new MigrationsResult.Lint(rule.id(), "warning", detail, rule.why(), rule.recipe());
    }

    private static MigrationsResult.Line withFinding(MigrationsResult.Line line, String detail) {
        return new MigrationsResult.Line(
                line.id(),
                line.author(),
                line.order(),
                line.where(),
                line.state(),
                line.willRun(),
                line.appliedAt(),
                line.recordedState(),
                line.by(),
                line.run(),
                line.millis(),
                line.transactional(),
                line.runAlways(),
                line.rollback(),
                line.codeHash(),
                line.note(),
                List.of(lint(LintRule.ROLLBACK_EMPTY, detail)));
    }

    static MigrationsResult result(MigrationsResult.@Nullable Lock lock, MigrationsResult.Line... lines) {
        return new MigrationsResult(
                "mongock", "5.5.1", "app.jar", "0123", "shop on h:1", lock, List.of(lines), List.of());
    }

    static MigrationsResult.Lock lock(boolean live) {
        return new MigrationsResult.Lock(live, "me", THEN, 90.0, THEN.plusSeconds(600), THEN.plusSeconds(90), -1.5);
    }

    private static String printed(Function<PrintStream, MigrationsPrinter> printer, MigrationsResult result) {
        var bytes = new ByteArrayOutputStream();
        printer.apply(new PrintStream(bytes, true, UTF_8)).print(result);
        return bytes.toString(UTF_8);
    }

    private static String table(MigrationsResult result) {
        return printed(out -> new MigrationsTable(out, Paint.PLAIN), result);
    }

    private static Element xml(MigrationsResult result) throws ParserConfigurationException, IOException, SAXException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        printed(MigrationsJunit::new, result).strip().getBytes(UTF_8)))
                .getDocumentElement();
    }

    private static JsonNode sarif(MigrationsResult result) {
        return JsonMapper.shared().readTree(printed(MigrationsSarif::new, result));
    }

    @Test
    void aListReadsWell() {
        MigrationsResult result = result(
                lock(true),
                withFinding(line("create", ChangeState.APPLIED, ""), "undo()"),
                line("totals", ChangeState.PENDING, "was rolled back"));
        assertThat(table(result)).isEqualToNormalizingNewlines("""
                        Tool      mongock 5.5.1
                        Artefact  app.jar
                        SHA-256   0123
                        Database  shop on h:1
                        Lock      LIVE  held by me, since 2026-11-22T03:15:00Z (1m30s), expires 2026-11-22T03:25:00Z, server's clock 2026-11-22T03:16:30Z, ours -1.5s

                        STATE    ORDER  ID      AUTHOR  APPLIED AT            BY    TX   ROLLBACK  NOTE
                        APPLIED  001    create  ada     2026-11-22T03:15:00Z  host  yes  present
                        PENDING  001    totals  ada                                 yes  present   was rolled back

                        2 changes: 1 applied, 1 pending

                        warning  rollback-empty
                          why: The rollback does nothing, so whoever needs it finds out then.
                          do:  Undo what the change did, or write down that a restore is the way back.
                          - create (ada): undo()
                        """);
    }

    @Test
    void colourAndStaleLocksAreShown() {
        String text = printed(
                out -> new MigrationsTable(out, Paint.COLOR),
                result(lock(false), line("a", ChangeState.FAILED, ""), line("b", ChangeState.RUN_ALWAYS, "")));
        assertThat(text).contains("STALE", "expired 2026", "\u001b[1;31mFAILED\u001b[0m", "\u001b[1;32mRUN_ALWAYS");
        var endless = new MigrationsResult.Lock(true, "", null, null, null, THEN, 0);
        assertThat(table(result(endless)))
                .contains("held, never expires, server's clock")
                .contains("0 changes");
    }

    @Test
    void aListWithoutADatabaseHasNoStates() throws Exception {
        var offline = new MigrationsResult(
                "migrate-mongo",
                null,
                ".",
                null,
                null,
                null,
                List.of(new MigrationsResult.Line(
                        "a.js",
                        "",
                        "",
                        "migrations/a.js",
                        null,
                        null,
                        null,
                        "",
                        "",
                        "",
                        null,
                        null,
                        false,
                        "none",
                        null,
                        "",
                        List.of())),
                List.of(lint(LintRule.NO_LOCK, "lockTtl is 0")));
        assertThat(table(offline))
                .contains(
                        "1 change, no database was asked",
                        "-      ",
                        "warning  no-lock\n",
                        "  - migrate-mongo: lockTtl is 0");
        assertThat(printed(MigrationsMarkdown::new, offline)).contains("| \\- |", "`no-lock`");
        assertThat(xml(offline).getElementsByTagName("skipped").getLength()).isOne();
        assertThat(sarif(offline).at("/runs/0/results/0/locations").isMissingNode())
                .isTrue();
        assertThat(printed(out -> new JsonPrinter(out)::migrations, offline))
                .contains("\"state\":null", "\"database\":null");
    }

    @Test
    void markdownIsATable() {
        String text = printed(
                MigrationsMarkdown::new, result(lock(true), withFinding(line("a", ChangeState.ORPHAN, "gone"), "x_y")));
        assertThat(text)
                .startsWith(
                        "## Migrations: 1 change: 1 orphan\n\nmongock, app.jar, database shop on h:1\n\n**Lock live**")
                .contains(
                        "|---|---|---|---|---|---|---|---|---|\n| ORPHAN | 001 | a | ada |  |  | yes | present | gone |\n")
                .contains("- **warning** `rollback-empty` a (ada): x_y. ");
    }

    @Test
    void junitFailsWhatDriftedAndSkipsWhatIsPending() throws Exception {
        Element suites = xml(result(
                lock(true),
                withFinding(line("a", ChangeState.APPLIED, ""), "x"),
                line("b", ChangeState.PENDING, ""),
                line("c", ChangeState.CHANGED, "edited")));
        Element suite = (Element) suites.getElementsByTagName("testsuite").item(0);
        assertThat(suites.getTagName()).isEqualTo("testsuites");
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("2");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(4);
        NodeList failures = suite.getElementsByTagName("failure");
        assertThat(((Element) failures.item(0)).getAttribute("type")).isEqualTo("CHANGED");
        assertThat(((Element) failures.item(0)).getAttribute("message")).isEqualTo("edited");
        assertThat(((Element) failures.item(1)).getAttribute("type")).isEqualTo("LOCKED");
        assertThat(suite.getElementsByTagName("system-out").item(0).getTextContent())
                .startsWith("warning rollback-empty: x.");
    }

    @Test
    void sarifHasARuleForEachResultAndAPlace() {
        JsonNode log = sarif(result(
                null, withFinding(line("a", ChangeState.OUT_OF_ORDER, ""), "x"), line("b", ChangeState.PENDING, "")));
        assertThat(log.path("version").asString()).isEqualTo("2.1.0");
        JsonNode run = log.at("/runs/0");
        assertThat(run.at("/tool/driver/name").asString()).isEqualTo("firedrill");
        List<String> rules = new ArrayList<>();
        run.at("/tool/driver/rules").forEach(rule -> rules.add(rule.path("id").asString()));
        assertThat(rules).doesNotHaveDuplicates().hasSize(LintRule.values().length + 4);
        List<String> results = new ArrayList<>();
        run.path("results").forEach(result -> {
            results.add(result.path("ruleId").asString());
            assertThat(rules).contains(result.path("ruleId").asString());
            assertThat(List.of("note", "warning", "error"))
                    .contains(result.path("level").asString());
            assertThat(result.at("/message/text").asString()).isNotBlank();
            assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                            .asString())
                    .isEqualTo("com/acme/C001.java");
        });
        assertThat(results).containsExactly("rollback-empty", "state-out-of-order");
    }

    @Test
    void namesOfOthersHarmNoOutput() throws Exception {
        MigrationsResult.Line hostile = withFinding(line(HOSTILE, ChangeState.CHANGED, HOSTILE), HOSTILE);
        var result = new MigrationsResult(
                "mongock", HOSTILE, HOSTILE, "0123", HOSTILE, lock(true), List.of(hostile), List.of());
        for (String text : List.of(table(result), printed(MigrationsMarkdown::new, result))) {
            assertThat(text.replace(System.lineSeparator(), ""))
                    .as("nothing that steers a terminal")
                    .matches("[^\\p{Cc}\\p{Cf}]*")
                    .contains("\\u{1b}".substring(0, 2));
        }
        assertThat(table(result).lines().filter(row -> row.startsWith("CHANGED")))
                .hasSize(1);
        String markdown = printed(MigrationsMarkdown::new, result);
        assertThat(markdown)
                .doesNotContain("<script", "@all")
                .doesNotContainPattern("(?<!\\\\)]\\(")
                .contains("&lt;script&gt;");
        assertThat(markdown.lines().filter(row -> row.startsWith("| CHANGED")).toList())
                .singleElement()
                .satisfies(row -> assertThat(row.split("(?<!\\\\)\\|", -1)).hasSize(11));
        assertThat(((Element) xml(result).getElementsByTagName("testcase").item(0)).getAttribute("name"))
                .contains("<script>alert(1)</script>\"]]>&", "\\u{0}", "\\u{202e}");
        JsonNode log = sarif(result);
        assertThat(log.at("/runs/0/results/0/message/text").asString())
                .contains("<script>")
                .doesNotContain("\u001b");
        JsonNode json = JsonMapper.shared()
                .readTree(
                        printed(out -> new JsonPrinter(out)::migrations, result).replace("\uD800", ""));
        assertThat(json.at("/changes/0/id").asString())
                .as("JSON has the name as it is")
                .startsWith(HOSTILE.substring(0, HOSTILE.length() - 1));
    }

    @Test
    void aLongNameIsCutInTheTableOnly() {
        MigrationsResult result = result(null, line("x".repeat(500), ChangeState.APPLIED, ""));
        assertThat(table(result)).contains("x".repeat(59) + "…").doesNotContain("x".repeat(60));
        assertThat(printed(MigrationsMarkdown::new, result)).contains("x".repeat(500));
    }

    @Test
    void everyPathOfAFileIsAUri() {
        MigrationsResult.Line file = new MigrationsResult.Line(
                "a b%.js",
                "",
                "",
                "migrations/a b%\u001b.js",
                ChangeState.CHANGED,
                true,
                null,
                "",
                "",
                "",
                null,
                null,
                false,
                "none",
                null,
                "",
                List.of());
        JsonNode log =
                sarif(new MigrationsResult("migrate-mongo", null, ".", null, null, null, List.of(file), List.of()));
        assertThat(log.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .isEqualTo("migrations/a%20b%25%1B.js");
        assertThat(Arrays.stream(ChangeState.values()).filter(ChangeState::isDrift))
                .hasSize(4);
    }
}
