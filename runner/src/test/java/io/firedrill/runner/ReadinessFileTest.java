package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.RunKind;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.readiness.ReadinessPlan;
import io.firedrill.readiness.Selector;
import io.firedrill.readiness.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a readiness file may say, and where a person learns that it says something else. */
class ReadinessFileTest {
    private static final String GOOD = """
            version: 1
            programme: Launch
            sections:
              - id: data
                title: Data
                tasks:
                  - id: drill
                    title: A drill
                    owner: olga
                    backup-owner: bert
                    due: 2027-01-31
                    ticket: https://tracker.example.com/OPS-1
                    acceptance:
                      - It holds.
                    evidence:
                      - run: restore-drill
                        within: 30d
                        rto: met
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private ReadinessPlan read(String text) throws IOException {
        return ReadinessFile.read(Files.writeString(directory.resolve("readiness.yaml"), text));
    }

    private static List<Selector> evidence(ReadinessPlan plan) {
        return plan.task("drill").orElseThrow().evidence();
    }

    @Test
    void aTaskIsReadAsItIsWritten() throws IOException {
        ReadinessPlan plan = read(GOOD);
        Task task = plan.task("drill").orElseThrow();
        assertThat(plan.programme()).isEqualTo("Launch");
        assertThat(task.owner()).isEqualTo("olga");
        assertThat(task.backupOwner()).isEqualTo("bert");
        assertThat(task.due()).contains(LocalDate.parse("2027-01-31"));
        assertThat(task.acceptance()).containsExactly("It holds.");
        assertThat(evidence(plan))
                .containsExactly(new Selector.Run(RunKind.DRILL, Duration.ofDays(30), true, false, false));
        assertThat(plan.digest().sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void everySelectorIsReadAndSaysItselfAgain() throws IOException {
        String evidence = """
                      - backup: sealed
                        within: 24h
                      - receipt: passed
                        within: 14d
                        database: shop
                      - approved: restore-drill
                        role: data owner
                      - run: verify
                        within: 7d
                        partial: allowed
                      - approved: restore-drill
                        partial: allowed
                      - gate: coverage
                        within: 7d
                        min-lines: 80
                        min-branches: 72.5
                        format: jacoco
                      - gate: tests
                        within: 7d
                        max-skipped: 3
                      - gate: scan
                        within: 7d
                        allow: nothing
                      - file: ops/a.md
                        contains: Owner
                        dated: '(\\d{4}-\\d{2}-\\d{2})'
                        within: 90d
                      - url: http://127.0.0.1:8080/health
                        time-limit: 5s
                      - command: [kubectl, kustomize, prod]
                        matches: 'kind: \\w+'
            """;
        ReadinessPlan plan = read(GOOD.substring(0, GOOD.indexOf("          - run:")) + evidence);
        assertThat(evidence(plan))
                .extracting(Selector::words)
                .containsExactly(
                        "backup: sealed, within: 1d",
                        "receipt: passed, within: 14d, database: shop",
                        "approved: restore-drill, role: data owner",
                        "run: verify, within: 7d, partial: allowed",
                        "approved: restore-drill, partial: allowed",
                        "gate: coverage, within: 7d, min-lines: 80, min-branches: 72.5, format: jacoco",
                        "gate: tests, within: 7d, max-skipped: 3",
                        "gate: scan, within: 7d, allow: nothing",
                        "file: ops/a.md, contains: Owner, dated: (\\d{4}-\\d{2}-\\d{2}), within: 90d",
                        "url: http://127.0.0.1:8080/health",
                        "command: kubectl kustomize prod, matches: kind: \\w+");
    }

    /** What is exchanged for what, where that is told, and what the message and the hint say. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "version: 1",
                        "version: 2",
                        "line 1, column 10",
                        "'2' is not a version that is known",
                        "version: 1"),
                Arguments.of(
                        "programme: Launch\n", "", "line 1, column 1", "'programme' is missing", "docs/READINESS.md"),
                Arguments.of(
                        "owner: olga",
                        "ownr: olga",
                        "line 9, column 9",
                        "'ownr' is no field here",
                        "Did you mean owner?"),
                Arguments.of(
                        "title: A drill",
                        "colour: red",
                        "line 8, column 9",
                        "'colour' is no field here",
                        "It is one of: id, title"),
                Arguments.of(
                        "id: drill", "id: data", "line 7, column 13", "'data' is there twice", "in the whole file"),
                Arguments.of("id: drill", "id: A Drill", "line 7, column 13", "'A Drill' is no id", "small letters"),
                Arguments.of(
                        "owner: olga",
                        "owner: olga\n        owner: eve",
                        "line 10, column 9",
                        "'owner' is there twice",
                        "Keep one"),
                Arguments.of("2027-01-31", "2027-02-31", "line 11, column 14", "'2027-02-31' is no date", "2026-11-28"),
                Arguments.of(
                        "2027-01-31", "[a]", "line 11, column 14", "'a list' stands where a text belongs", "one value"),
                Arguments.of(
                        "          - It holds.",
                        "          x: y",
                        "line 14, column 11",
                        "'a map' stands where a list belongs",
                        "dash"),
                Arguments.of(
                        "run: restore-drill",
                        "runs: restore-drill",
                        "line 16, column 13",
                        "'runs' is no evidence selector",
                        "Did you mean run?"),
                Arguments.of(
                        "run: restore-drill",
                        "run: restore-dril",
                        "line 16, column 18",
                        "'restore-dril' is no kind of run",
                        "Did you mean restore-drill?"),
                Arguments.of("within: 30d", "within: soon", "line 17, column 21", "'soon' is no duration", "30d"),
                Arguments.of(
                        "            within: 30d\n",
                        "",
                        "line 16, column 13",
                        "'within' is missing",
                        "docs/READINESS.md"),
                Arguments.of("rto: met", "rto: missed", "line 18, column 18", "'missed' is not known here", "rto: met"),
                Arguments.of(
                        "rto: met",
                        "contains: x",
                        "line 18, column 13",
                        "'contains' does not go with run",
                        "It is one of: run, within"),
                Arguments.of(
                        "sections:\n", "sections: []\nx:\n", "line 4, column 1", "'x' is no field here", "sections"),
                Arguments.of(
                        "tasks:\n",
                        "tasks: []\n    unknown:\n",
                        "line 7, column 5",
                        "'unknown' is no field here",
                        "tasks"),
                Arguments.of(
                        "      - id: drill",
                        "      - [id, drill]\n      - id: drill",
                        "line 7, column 9",
                        "'a list' is no map",
                        "name: value"),
                Arguments.of("owner: olga", "owner: 'olga", "line", "is not valid YAML", "quotes"),
                evidence("file: ../secret", "line 16, column 19", "'../secret' leads out of the directory", "beside"),
                evidence("file: /etc/passwd", "line 16, column 19", "leads out of the directory", "beside"),
                evidence(
                        "file: a.md\n            dated: '(x)'",
                        "line 16, column 19",
                        "has one of dated and within",
                        "both"),
                evidence(
                        "file: a.md\n            dated: x\n            within: 1d",
                        "line 17, column 20",
                        "'x' has no group",
                        "brackets"),
                evidence(
                        "file: a.md\n            matches: '('",
                        "line 17, column 22",
                        "'(' is no regular expression",
                        "Java"),
                evidence("url: http://example.com/", "line 16, column 18", "is no URL that is asked", "https"),
                evidence("url: 'not a url'", "line 16, column 18", "'not a url' is no URL", "https://host/path"),
                evidence(
                        "url: https://jane:S3cret@example.com/",
                        "line 16, column 18",
                        "is no URL that is asked",
                        "secret"),
                evidence(
                        "url: https://example.com/\n            time-limit: 1h",
                        "line 17, column 25",
                        "'1h' is too long",
                        "10m"),
                evidence("command: []", "line 16, column 13", "has a command without words", "arguments"),
                evidence(
                        "backup: fresh\n            within: 1d",
                        "line 16, column 21",
                        "'fresh' is not known here",
                        "backup: sealed"),
                gate("min-lines: 0", "line 18, column 24", "'0' is no share", "above 0"),
                gate("min-lines: 100.1", "line 18, column 24", "'100.1' is no share", "100 at most"),
                gate("min-branches: 1e1", "line 18, column 27", "'1e1' is no share", "above 0"),
                gate("max-skipped: -1", "line 18, column 26", "'-1' is no number of tests", "from 0"),
                gate("allow: note", "line 18, column 20", "'note' is no level of findings", "Did you mean notes?"),
                gate("format: jacco", "line 18, column 21", "'jacco' is no format of reports", "Did you mean jacoco?"),
                evidence("{}", "line 16, column 13", "says nothing", "It is one of: run, backup"));
    }

    private static Arguments gate(String asked, String where, String message, String hint) {
        return evidence("gate: g\n            within: 1d\n            " + asked, where, message, hint);
    }

    private static Arguments evidence(String selector, String where, String message, String hint) {
        String own = "run: restore-drill\n            within: 30d\n            rto: met";
        return Arguments.of(own, selector, where, message, hint);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldWithItsPlaceItsValueAndAHint(String was, String is, String where, String message, String hint) {
        assertThat(GOOD).contains(was);
        Failure failure = catchThrowableOfType(Failure.class, () -> read(GOOD.replace(was, is)));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text())
                .startsWith("readiness.yaml, " + where)
                .contains(message)
                .doesNotContain("S3cret");
        assertThat(failure.hint()).contains(hint).matches("[A-Z](?s:.)*[.?]");
    }

    @Test
    void anEmptyAMissingAndAnUnreadableFileAreTold() {
        assertThat(catchThrowableOfType(Failure.class, () -> read("")).text()).isEqualTo("readiness.yaml: is empty");
        assertThat(catchThrowableOfType(Failure.class, () -> read("\u0000")).text())
                .contains("is not valid YAML");
        Failure missing =
                catchThrowableOfType(Failure.class, () -> ReadinessFile.read(directory.resolve("other.yaml")));
        assertThat(missing.text()).contains("other.yaml cannot be read (NoSuchFileException)");
        assertThat(missing.hint()).contains("firedrill readiness init");
        assertThat(catchThrowableOfType(Failure.class, () -> read("version: 1\nprogramme: x\nsections:\n"))
                        .text())
                .contains("has no sections");
        assertThat(ReadinessFile.dateOf("2026-11-28")).isEqualTo(Optional.of(LocalDate.parse("2026-11-28")));
    }
}
