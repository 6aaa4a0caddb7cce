package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gates of a build, from their reports into the ledger. */
class EvidenceImportCommandTest {
    private static final String PASSED = "<testsuite><testcase name='a'/></testsuite>";
    private static final String FAILED = "<testsuite><testcase name='a'><failure/></testcase></testsuite>";
    private static final String COVERED =
            "<report><counter type='LINE' missed='1' covered='9'/><counter type='BRANCH' missed='3' covered='7'/></report>";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void callFromAnEmptyDirectory() {
        call = new RealCall(directory).with("FIREDRILL_OPERATOR", "ci");
        write("passed.xml", PASSED);
        write("failed.xml", FAILED);
        write("jacoco.xml", COVERED);
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private String refusal(String... arguments) {
        String message = call.fail(2, all(arguments)).message();
        assertThat(call.store()).as("nothing was recorded").doesNotExist();
        return message;
    }

    private static String[] all(String... arguments) {
        return Stream.concat(Stream.of("evidence", "import"), Stream.of(arguments))
                .toArray(String[]::new);
    }

    private JsonNode recorded(int seq) {
        call.succeed("evidence", "show", Integer.toString(seq), "--output", "json");
        return JsonMapper.shared().readTree(call.out());
    }

    @Test
    void aGateThatPassedIsSignedIntoTheLedgerWithWhatWasReadAndAsked() {
        call.succeed(
                all("--gate", "tests", "passed.xml", "--commit", "4f2a91c", "--link", "https://ci.example.com/17"));
        assertThat(call.out()).contains("PASSED  gate tests", "passed.xml: 1 tests, 0 failed, 0 skipped");
        JsonNode shown = recorded(1);
        assertThat(shown.at("/line/verdict").asString("")).isEqualTo("tests PASSED");
        assertThat(shown.at("/line/operator").asString("")).isEqualTo("ci");
        JsonNode stated = shown.at("/statement/predicate");
        assertThat(stated.path("commit").asString("")).isEqualTo("4f2a91c");
        assertThat(stated.path("link").asString("")).isEqualTo("https://ci.example.com/17");
        call.succeed("evidence", "verify");
        call.succeed("evidence", "list", "--kind", "gate");
        assertThat(call.out()).contains("tests PASSED");
    }

    @Test
    void aGateThatDidNotPassIsRecordedAllTheSameAndEndsWithACodeOfItsOwn() {
        assertThat(call.run(all("--gate", "tests", "passed.xml", "failed.xml"))).isEqualTo(73);
        assertThat(call.out()).contains("FAILED  gate tests", "failed.xml: 1 tests failed");
        assertThat(recorded(1).at("/statement/predicate/outcome").asString("")).isEqualTo("FAILED");
    }

    @Test
    void aGateThatLeftNoReportIsRecordedAsNotPassedAndNeverAsPassed() {
        assertThat(call.run(all("--gate", "tests", "--failed", "the build broke off")))
                .isEqualTo(73);
        assertThat(call.out()).contains("FAILED  gate tests", "the build broke off");
        JsonNode statement = recorded(1).path("statement");
        assertThat(statement.at("/subject/0/name").asString("")).isEqualTo("gates/tests");
        assertThat(statement.at("/predicate/outcome").asString("")).isEqualTo("FAILED");
        assertThat(call.fail(2, all("--gate", "tests", "--failed", "no", "passed.xml"))
                        .message())
                .contains("either by its reports or by --failed");
        assertThat(call.fail(2, all("--gate", "tests")).message()).contains("either by its reports or by --failed");
        call.succeed("evidence", "verify");
    }

    @Test
    void aDryRunShowsTheVerdictAndLeavesNothing() {
        call.succeed(all("--gate", "coverage", "--min-lines", "80", "jacoco.xml", "--dry-run"));
        assertThat(call.out()).contains("dry run, nothing was recorded", "lines 90.0 %, branches 70.0 %");
        assertThat(call.run(all("--gate", "coverage", "--min-branches", "80", "jacoco.xml", "--dry-run")))
                .isEqualTo(73);
        assertThat(call.out()).contains("branch coverage is 70.0 %, and 80 % is asked for");
        assertThat(call.store()).doesNotExist();
    }

    @Test
    void aResultIsAsOldAsItsOldestReport() throws IOException {
        Instant old = Instant.parse("2026-01-02T03:04:05Z");
        Files.setLastModifiedTime(directory.resolve("jacoco.xml"), FileTime.from(old));
        call.succeed(all("--gate", "all", "--min-lines", "80", "passed.xml", "jacoco.xml"));
        assertThat(recorded(1).at("/statement/predicate/measuredAt").asString(""))
                .isEqualTo(old.toString());
        Files.setLastModifiedTime(
                directory.resolve("passed.xml"), FileTime.from(Instant.parse("2999-01-01T00:00:00Z")));
        call.succeed(all("--gate", "tests", "passed.xml"));
        assertThat(Instant.parse(
                        recorded(2).at("/statement/predicate/measuredAt").asString("")))
                .as("never from ahead of the clock")
                .isBefore(Instant.parse("2999-01-01T00:00:00Z"));
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsRecorded() {
        write("cut.xml", "<testsuite><testcase");
        write("same.xml", PASSED);
        assertThat(refusal("--gate", "Tests", "passed.xml")).contains("'Tests' is no name of a gate");
        assertThat(refusal("--gate", "tests", "cut.xml")).contains("cut.xml is no whole XML");
        assertThat(refusal("--gate", "tests", "none.xml")).contains("none.xml cannot be read");
        assertThat(refusal("--gate", "tests", "passed.xml", "same.xml")).contains("a report was given twice");
        assertThat(refusal("--gate", "tests", "passed.xml", "--commit", "HEAD")).contains("'HEAD' is no commit");
        assertThat(refusal("--gate", "tests", "passed.xml", "--link", "http://ci"))
                .contains("--link");
        assertThat(refusal("--gate", "tests", "passed.xml", "--link", "https://a:b@ci/"))
                .contains("--link");
        assertThat(refusal("--gate", "tests", "passed.xml", "--max-skipped", "-1"))
                .contains("--max-skipped is -1");
        assertThat(refusal("--gate", "coverage", "jacoco.xml")).contains("nothing says how much");
        assertThat(refusal("--gate", "coverage", "--min-lines", "0", "jacoco.xml"))
                .contains("--min-lines is 0.0");
        assertThat(refusal("--gate", "coverage", "--min-lines", "NaN", "jacoco.xml"))
                .contains("--min-lines is NaN");
        assertThat(refusal("--gate", "coverage", "--min-lines", "101", "jacoco.xml"))
                .contains("--min-lines is 101.0");
        assertThat(refusal("--gate", "scan", "passed.xml", "--allow", "errors")).contains("--allow");
        assertThat(refusal("passed.xml")).contains("--gate");
    }
}
