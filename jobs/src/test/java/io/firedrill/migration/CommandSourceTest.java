package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandSourceTest {
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private CommandSource source(Optional<String> pattern, Duration limit, String script) {
        return new CommandSource(new CommandOptions(
                "list", List.of("sh", "-c", script), directory, Map.of("WHERE", "s3cret"), limit, pattern));
    }

    private Standing standing(String script) {
        return source(Optional.empty(), ENOUGH, script).standing(Optional.empty());
    }

    private Failure failure(CommandSource source) {
        Failure failure = catchThrowableOfType(Failure.class, source::artefact);
        assertThat(failure).isNotNull();
        return failure;
    }

    private Failure failure(String script) {
        return failure(source(Optional.empty(), ENOUGH, script));
    }

    @Test
    void jsonIsUnderstoodInTheWordsOfManyTools() {
        Standing standing = standing("""
                echo '[{"id": "1", "state": "applied", "appliedAt": "2026-01-02T03:04:05Z", "by": "jane", "author": "ada"},
                       {"id": "2", "status": "Pending"},
                       {"fileName": "3.js", "appliedAt": "2026-01-02T03:04:05.000Z"},
                       {"fileName": "4.js", "appliedAt": "PENDING"},
                       {"name": "5", "state": "dirty"},
                       {"version": 6, "state": "run-always"}]'
                """);
        assertThat(standing.changes())
                .extracting(each -> each.change().id() + " " + each.state() + " " + each.willRun())
                .containsExactly(
                        "1 APPLIED false",
                        "2 OUT_OF_ORDER true",
                        "3.js APPLIED false",
                        "4.js PENDING true",
                        "5 FAILED true",
                        "6 RUN_ALWAYS true");
        RecordedRow row = standing.changes().getFirst().recorded().orElseThrow();
        assertThat(row.at()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(row.by()).isEqualTo("jane");
        assertThat(standing.lock()).isEmpty();
    }

    @Test
    void theListMayStandInAField() {
        assertThat(standing("echo '{\"migrations\": [{\"id\": \"a\", \"state\": \"up\"}]}'")
                        .changes())
                .hasSize(1);
    }

    @Test
    void linesAreUnderstoodByNamedGroups() {
        CommandSource source = source(
                Optional.of("(?<state>UP|DOWN)\\s+(?<id>\\S+)(?:\\s+(?<appliedAt>\\S+))?"),
                ENOUGH,
                "printf 'Migrations:\\nUP  001 2026-01-02T03:04:05Z\\nUP 002 yesterday\\nDOWN 003\\n'");
        assertThat(source.standing(Optional.empty()).changes())
                .extracting(each -> each.change().id() + " " + each.state())
                .containsExactly("001 APPLIED", "002 APPLIED", "003 PENDING");
        assertThat(source.artefact().changes()).hasSize(3);
    }

    @Test
    void theCommandIsRunOnceInItsDirectoryWithItsVariablesAndNoneOfOurs() {
        CommandSource source = source(
                Optional.empty(),
                ENOUGH,
                "env | grep ^FIREDRILL_ && exit 9; echo x >> ran; echo \"[{\\\"id\\\":\\\"$WHERE $(wc -l < ran)\\\",\\\"state\\\":\\\"up\\\"}]\"");
        source.artefact();
        assertThat(source.standing(Optional.empty())
                        .changes()
                        .getFirst()
                        .change()
                        .id())
                .isEqualTo("s3cret 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true|printed nothing",
                "echo hello|something else than JSON",
                "echo '{}'|no array",
                "echo '[{}]'|without an id",
                "echo '[{\"id\": \"a\", \"state\": \"perhaps\"}]'|it is 'perhaps'",
                "echo oh no >&2; exit 3|ended with 3: oh no",
                "exit 4|ended with 4: it said nothing",
                "head -c 9000000 /dev/zero|printed more than"
            })
    void whatACommandMayDoInsteadIsNamed(String script, String message) {
        Failure failure = failure(script);
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("the command 'list'", message);
    }

    @Test
    void aCommandThatIsKilledIsNamedWithTheSignal() {
        Failure failure = failure("kill -9 $$");
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("killed by signal 9");
    }

    @Test
    void aCommandThatHangsIsKilledWithAllThatItStarted() {
        Failure failure = failure(source(Optional.empty(), Duration.ofSeconds(3), "sleep 300 & echo $! > child; wait"));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("did not end within 3 seconds");
        assertThat(directory.resolve("child"))
                .content()
                .satisfies(pid -> ProcessHandle.of(Long.parseLong(pid.strip()))
                        .ifPresent(process -> assertThat(process.onExit()).succeedsWithin(ENOUGH)));
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        var source = new CommandSource(new CommandOptions(
                "nosuch", List.of("no-such-program"), directory, Map.of(), ENOUGH, Optional.empty()));
        assertThat(failure(source).text()).contains("cannot be started");
        assertThat(new CommandOptions("x", List.of("x"), directory, Map.of("U", "p4ss"), ENOUGH, Optional.empty()))
                .asString()
                .doesNotContain("p4ss");
    }

    @ParameterizedTest
    @CsvSource({"(,Unclosed group", "(?<id>.*),no named groups", "(?<state>.*),no named groups"})
    void aPatternThatCannotBeUsedIsNamed(String pattern, String message) {
        Failure failure = failure(source(Optional.of(pattern), ENOUGH, "echo x"));
        assertThat(failure.text()).contains("--command-pattern cannot be used", message);
    }

    @Test
    void aPatternThatFindsNothingIsAnError() {
        assertThat(failure(source(Optional.of("(?<id>z)(?<state>z)"), ENOUGH, "echo x"))
                        .text())
                .contains("no line that --command-pattern finds something in");
    }
}
