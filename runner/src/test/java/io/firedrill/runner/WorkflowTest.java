package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The project's own CI, which others take for an example: it runs nothing that may change under it, and gives away nothing. */
class WorkflowTest {
    private static final Path FILE = Documents.ROOT.resolve(".github/workflows/ci.yaml");
    private static final Pattern PINNED = Pattern.compile("uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");
    private static final Pattern SCRIPT = Pattern.compile("(?:^|[ (\"])((?:scripts|\\.ci)/[a-z-]+)");

    private static Map<?, ?> workflow() throws IOException {
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
    }

    private static Stream<Map<?, ?>> jobs() throws IOException {
        return ((Map<?, ?>) Objects.requireNonNull(workflow().get("jobs")))
                .values().stream().map(job -> (Map<?, ?>) job);
    }

    private static Stream<String> commands() throws IOException {
        return jobs().flatMap(job -> ((List<?>) Objects.requireNonNull(job.get("steps"))).stream())
                .map(step -> ((Map<?, ?>) step).get("run"))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    @Test
    void everyActionIsPinnedToACommit() throws IOException {
        List<String> uses = Files.readAllLines(FILE).stream()
                .map(String::strip)
                .filter(line -> line.contains("uses:"))
                .map(line -> line.replaceFirst("^- ", ""))
                .toList();
        assertThat(uses).hasSizeGreaterThan(8).allMatch(PINNED.asMatchPredicate());
    }

    @Test
    void nothingMayWriteUnlessItsJobSaysSoAndNoJobRunsForEver() throws IOException {
        assertThat(workflow().get("permissions")).isEqualTo(Map.of("contents", "read"));
        assertThat(jobs())
                .allSatisfy(job -> assertThat(job.get("timeout-minutes")).isInstanceOf(Integer.class));
    }

    @Test
    void noShellSeesAnExpressionSinceTheirTextComesFromOutside() throws IOException {
        assertThat(commands()).isNotEmpty().noneMatch(command -> command.contains("${{"));
    }

    @Test
    void everyScriptThatIsRunIsThere() throws IOException {
        List<String> scripts = commands()
                .flatMap(command -> SCRIPT.matcher(command).results().map(match -> match.group(1)))
                .toList();
        assertThat(scripts)
                .contains(".ci/run", "scripts/gates", "scripts/image")
                .allSatisfy(script -> assertThat(Documents.ROOT.resolve(script)).isExecutable());
    }

    @Test
    void everyExceptionOfTheScanHasAnEndAndAReason() throws IOException {
        assertThat(withoutEnd(Files.readString(Documents.ROOT.resolve("osv-scanner.toml"))))
                .isEmpty();
        assertThat(withoutEnd("[[IgnoredVulns]]\nid = \"A\"\nreason = \"b\"\n")).hasSize(1);
        assertThat(withoutEnd("[[IgnoredVulns]]\nid = \"A\"\nignoreUntil = 2027-01-31\n"))
                .hasSize(1);
        assertThat(withoutEnd("[[IgnoredVulns]]\nid = \"A\"\nignoreUntil = 2199-12-31\nreason = \"b\"\n"))
                .hasSize(1);
        assertThat(withoutEnd("[[PackageOverrides]]\nname = \"a\"\nignore = true\n"))
                .as("without end, and of every vulnerability")
                .hasSize(1);
        assertThat(withoutEnd("[[IgnoredVulns]]\nid = \"A\"\nignoreUntil = 2027-01-31\nreason = \"b\"\n"))
                .isEmpty();
    }

    /** The exceptions that could stand for good: an end that has passed is none any more for the scanner itself. */
    private static List<String> withoutEnd(String toml) {
        var bad = new ArrayList<String>();
        String entries = toml.replaceAll("(?m)^#.*\\R?", "");
        for (String entry :
                Pattern.compile("(?m)^(?=\\[)").splitAsStream(entries).toList()) {
            if (!entry.isBlank() && !isForAWhile(entry)) {
                bad.add(entry);
            }
        }
        return bad;
    }

    private static boolean isForAWhile(String entry) {
        var until =
                Pattern.compile("(?m)^ignoreUntil = (\\d{4}-\\d{2}-\\d{2})$").matcher(entry);
        return entry.startsWith("[[IgnoredVulns]]\n")
                && Pattern.compile("(?m)^reason = \"[^\"]+\"$").matcher(entry).find()
                && until.find()
                && LocalDate.parse(until.group(1))
                        .isBefore(LocalDate.now(ZoneOffset.UTC).plusYears(1));
    }
}
