package io.firedrill.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of reports, in the words of the tools that write them. */
class GateReportTest {
    private static final Instant THEN = Instant.parse("2026-11-28T10:00:00Z");

    private static final String SUREFIRE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="a.ThingTest" tests="4" errors="1" skipped="1" failures="1" time="0.5">
              <properties><property name="failure" value="none"/></properties>
              <testcase name="a" classname="a.ThingTest" time="0.1"/>
              <testcase name="b" classname="a.ThingTest"><failure message="no" type="X"><![CDATA[<testcase/>]]></failure></testcase>
              <testcase name="c" classname="a.ThingTest"><error type="Y">boom</error><system-out>error</system-out></testcase>
              <testcase name="d" classname="a.ThingTest"><skipped message="not here"/></testcase>
            </testsuite>
            """;

    private static final String JACOCO = """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "http://127.0.0.1:1/report.dtd">
            <report name="jobs"><sessioninfo id="x" start="1" dump="2"/>
              <package name="a"><counter type="LINE" missed="1000" covered="0"/></package>
              <counter type="INSTRUCTION" missed="5" covered="5"/>
              <counter type="BRANCH" missed="2" covered="8"/>
              <counter type="LINE" missed="10" covered="90"/>
            </report>
            """;

    private static final String LCOV = """
            TN:
            SF:src/a.js
            DA:1,1
            LF:10
            LH:8
            BRF:4
            BRH:1
            end_of_record
            SF:src/b.js
            LF:10
            LH:10
            end_of_record
            """;

    private static GateReport read(String text) {
        return GateReport.of("the.report", text.getBytes(StandardCharsets.UTF_8), THEN);
    }

    private static String refusal(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> read(text));
        assertThat(failure).as(text).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        return failure.text();
    }

    @Test
    void aReportIsRecordedByItsDigestItsSizeAndItsAge(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("TEST-a.xml"), SUREFIRE);
        Files.setLastModifiedTime(file, FileTime.from(THEN));
        GateReport report = GateReport.read(file, "TEST-a.xml");
        assertThat(report.writtenAt()).isEqualTo(THEN);
        assertThat(report.bytes()).isEqualTo(Files.size(file));
        assertThat(report.sha256())
                .as("by sha256sum")
                .isEqualTo(GateReport.of("x", Files.readAllBytes(file), THEN).sha256())
                .hasSize(64);
        Failure gone = catchThrowableOfType(Failure.class, () -> GateReport.read(directory.resolve("no"), "no"));
        assertThat(gone.text()).isEqualTo("the report no cannot be read (NoSuchFileException)");
    }

    @Test
    void testsAreCountedByWhatBecameOfThem() {
        GateReport report = read(SUREFIRE);
        assertThat(report.format()).isEqualTo(GateFormat.JUNIT);
        assertThat(report.figures()).isEqualTo(new GateFigures.Tests(3, 2, 1));
        assertThat(report.figures().counts()).isEqualTo(Map.of("tests", 3L, "failed", 2L, "skipped", 1L));
        assertThat(report.figures().words()).isEqualTo("3 tests, 2 failed, 1 skipped");
    }

    @Test
    void aSuiteThatSaysItFailedHasFailedThoughNoTestOfItDid() {
        String test = "<testcase name='a'/>";
        assertThat(read("<testsuites><testsuite errors='1' failures='2'>" + test + "</testsuite></testsuites>")
                        .figures())
                .isEqualTo(new GateFigures.Tests(1, 3, 0));
        assertThat(read("<testsuites errors='1'><testsuite>" + test + "</testsuite></testsuites>")
                        .figures())
                .isEqualTo(new GateFigures.Tests(1, 1, 0));
        assertThat(read("<testsuite failures=''><error/><skipped/>" + test + "</testsuite>")
                        .figures())
                .as("what stands outside of a test is no test's")
                .isEqualTo(new GateFigures.Tests(1, 0, 0));
    }

    @Test
    void coverageIsThatOfTheWholeAndNotOfAPackage() {
        GateReport report = read(JACOCO);
        assertThat(report.format()).isEqualTo(GateFormat.JACOCO);
        assertThat(report.figures())
                .isEqualTo(new GateFigures.Coverage(new GateFigures.Share(90, 100), new GateFigures.Share(8, 10)));
        assertThat(report.figures().words()).isEqualTo("lines 90.0 %, branches 80.0 %");
    }

    @Test
    void coberturaAndLcovAreCoverageToo() {
        GateReport cobertura =
                read("\uFEFF<coverage line-rate='1' lines-covered='3' lines-valid='4' branches-covered='0'"
                        + " branches-valid='0'><packages/></coverage>");
        assertThat(cobertura.format()).isEqualTo(GateFormat.COBERTURA);
        assertThat(cobertura.figures().words()).isEqualTo("lines 75.0 %, branches none");
        GateReport lcov = read(LCOV);
        assertThat(lcov.format()).isEqualTo(GateFormat.LCOV);
        assertThat(lcov.figures().counts())
                .isEqualTo(Map.of("lines", 20L, "linesCovered", 18L, "branches", 4L, "branchesCovered", 1L));
    }

    @Test
    void findingsHaveTheLevelOfTheirRuleUnlessTheyHaveOneOfTheirOwn() {
        GateReport report = read("""
                {"version": "2.1.0", "runs": [{
                  "tool": {"driver": {"rules": [{"id": "A", "defaultConfiguration": {"level": "note"}}, {"id": "B"}]}},
                  "invocations": [{"executionSuccessful": true}],
                  "results": [
                    {"ruleId": "A"}, {"rule": {"index": 0}}, {"ruleId": "B"}, {"ruleId": "C"}, {"ruleIndex": 0, "level": "error"},
                    {"ruleId": "A/b"}, {"rule": {"id": "X", "toolComponent": {"index": 0}}},
                    {"ruleId": "A", "level": "none"}, {"ruleId": "A", "kind": "pass", "level": "error"},
                    {"ruleId": "A", "level": "fatal"}, {"ruleId": "B", "baselineState": "absent"},
                    {"ruleId": "B", "suppressions": [{"kind": "external"}]},
                    {"ruleId": "B", "suppressions": [{"kind": "external", "status": "underReview"}]}]}]}
                """);
        assertThat(report.format()).isEqualTo(GateFormat.SARIF);
        assertThat(report.figures()).isEqualTo(new GateFigures.Findings(1, 0, 3, 3, 3, 1));
        assertThat(report.figures().words()).isEqualTo("3 errors, 3 warnings, 3 notes, 1 suppressed");
    }

    @Test
    void anAnalysisThatBrokeOffOrHasNoResultsIsCountedAsUnfinished() {
        assertThat(read("""
                        {"version": "2.1.0", "runs": [{"results": [], "invocations": [{"executionSuccessful": false}]},
                         {"tool": {}}, {"results": []}]}
                        """).figures().counts()).containsEntry("runs", 3L).containsEntry("unfinished", 2L);
    }

    @Test
    void aReportThatBreaksOffIsRefusedWhereverItDoes() {
        int end = SUREFIRE.lastIndexOf('>');
        for (int length = 1; length < end; length += 7) {
            String cut = SUREFIRE.substring(0, length);
            assertThat(refusal(cut)).startsWith("the report the.report ");
        }
        assertThat(refusal(JACOCO.substring(0, JACOCO.length() - 5))).contains("is no whole XML");
        assertThat(refusal("<coverage lines-covered='3' lines-valid='4' branches-covered='0' branches-valid='0'><a>"))
                .contains("is no whole XML");
        assertThat(refusal(LCOV.substring(0, LCOV.length() - 15))).contains("breaks off in the middle of a file");
        assertThat(refusal("SF:a\nSF:b\nend_of_record\n")).contains("in the middle of another");
        assertThat(refusal("{\"version\": \"2.1.0\", \"runs\": [")).contains("is no whole JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n \n",
                "all is well",
                "<html></html>",
                "{}",
                "{\"version\": \"1.0.0\", \"runs\": []}",
                "<coverage line-rate='1'></coverage>",
                "<report><counter type='LINE' missed='x' covered='1'/></report>",
                "<report><counter type='LINE' missed='-2' covered='1'/></report>",
                "<report><counter type='LINE' covered='1'/></report>",
                "SF:a\nLF:1\nLH:2\nend_of_record\n",
                "SF:a\nLF:many\nend_of_record\n",
            })
    void whatIsNoReportIsRefused(String text) {
        assertThat(refusal(text)).startsWith("the report the.report ");
    }

    @Test
    void nothingOutsideAReportIsRead(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "7");
        String hostile = """
                <!DOCTYPE report [<!ENTITY x SYSTEM "%s">]>
                <report name="&x;"><counter type="LINE" missed="0" covered="1"/></report>
                """.formatted(secret.toUri());
        assertThat(refusal(hostile)).contains("is no whole XML");
    }
}
