package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.runner.SecretContract.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code firedrill doctor secrets}, and that its contract names what there is. */
class SecretsTest {
    private static final String VALUE = "Pa55word";
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private Call call = new Call(Path.of("."));

    @BeforeEach
    void call() {
        call = new Call(directory);
    }

    private static List<Entry> contract() {
        return SecretContract.shipped().entries();
    }

    @Test
    void theContractNamesEverySecretSettingAndNoOtherOne() {
        Set<String> settings = Stream.concat(Setting.all().stream().filter(Setting::secret), Setting.KEY_FILES.stream())
                .map(Setting::environment)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = contract().stream()
                .map(Entry::name)
                .filter(name -> name.startsWith("FIREDRILL_"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(settings);
        assertThat(contract()).extracting(Entry::name).doesNotHaveDuplicates();
        assertThat(Setting.all().stream()
                        .filter(each -> !each.secret() && !Setting.KEY_FILES.contains(each))
                        .filter(each -> each.description().matches(".*(private|store) key.*|File with .*key.*")))
                .as("settings that look as if they named a key")
                .isEmpty();
    }

    @Test
    void theSampleIsAFileOfVariablesWithoutValues() throws IOException {
        List<String> lines = Files.readAllLines(Documents.ROOT.resolve(".env.sample"));
        assertThat(lines.stream().filter(line -> !line.startsWith("#") && !line.isBlank()))
                .isEqualTo(contract().stream().map(each -> each.name() + "=").toList());
    }

    @Test
    void everySecretStandsInTheTablesOfTheDocument() throws IOException {
        String document = Files.readString(Documents.ROOT.resolve("docs/SECRETS.md"));
        assertThat(contract()).allSatisfy(each -> {
            assertThat(document)
                    .contains("| `%s` | `%s` | `%s` |".formatted(each.name(), each.kubernetes(), each.vault()));
            assertThat(document).contains("| `%s` | %s |".formatted(each.name(), each.lost()));
            assertThat(each.required())
                    .allSatisfy(word -> assertThat(Purpose.of(word)).isPresent());
        });
    }

    private Path file(String name, int days, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), VALUE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(DAY.multipliedBy(days))));
        return file;
    }

    private JsonNode told(int code, String name, String... more) {
        String[] arguments = Stream.concat(Stream.of("doctor", "secrets", "--output", "json"), Stream.of(more))
                .toArray(String[]::new);
        assertThat(call.run(arguments)).as(() -> call.out() + call.err()).isEqualTo(code);
        assertThat(call.out() + call.err()).doesNotContain(VALUE, "mongodb://");
        for (JsonNode line : JsonMapper.shared().readTree(call.out()).path("secrets")) {
            if (line.path("name").asString().equals(name)) {
                return line;
            }
        }
        throw new AssertionError(name + " is not in " + call.out());
    }

    private void inFile(Path file) {
        call.without("FIREDRILL_SOURCE_URI").with("FIREDRILL_SOURCE_URI_FILE", file.toString());
    }

    @Test
    void aFileIsAsOldAsItsLastChangeAndTooOldIsAWarning() throws IOException {
        inFile(file("young", 20, "rw-r-----"));
        JsonNode young = told(0, "FIREDRILL_SOURCE_URI", "--strict");
        assertThat(young.path("state").asString()).isEqualTo("OK");
        assertThat(young.path("ageDays").asInt()).isEqualTo(20);
        assertThat(young.path("rotationDays").asInt()).isEqualTo(90);
        inFile(file("old", 91, "rw-r-----"));
        assertThat(told(0, "FIREDRILL_SOURCE_URI").path("state").asString()).isEqualTo("WARN");
        told(2, "FIREDRILL_SOURCE_URI", "--strict");
    }

    @Test
    void whatSomebodySaysOfTheDateGoesBeforeTheFilesTime() throws IOException {
        inFile(file("mounted", 0, "rw-r-----"));
        LocalDate longAgo = LocalDate.now(ZoneOffset.UTC).minusDays(100);
        JsonNode line = told(0, "FIREDRILL_SOURCE_URI", "--rotated", "FIREDRILL_SOURCE_URI=" + longAgo);
        assertThat(line.path("state").asString()).isEqualTo("WARN");
        assertThat(line.path("ageDays").asInt()).isEqualTo(100);
    }

    @Test
    void whatEverybodyMayReadIsAWarningAndWhatIsMissingAFailure() throws IOException {
        inFile(file("open", 1, "rw-r--r--"));
        assertThat(told(0, "FIREDRILL_SOURCE_URI").path("hint").asString()).contains("chmod o-rwx");
        inFile(directory.resolve("none"));
        JsonNode missing = told(2, "FIREDRILL_SOURCE_URI");
        assertThat(missing.path("state").asString()).isEqualTo("FAIL");
        assertThat(missing.path("hint").asString()).contains("firedrill-source/uri");
        call.with("FIREDRILL_SOURCE_URI_FILE", "")
                .with("FIREDRILL_PRIVATE_KEYS", "aws-kms:arn:x," + directory + "/gone");
        assertThat(told(2, "FIREDRILL_PRIVATE_KEYS").path("seen").asString()).contains("gone is missing");
    }

    @Test
    void whatARunNeedsHasToBeThereAndNothingElseHas() {
        call.without("FIREDRILL_SOURCE_URI");
        assertThat(told(0, "FIREDRILL_SOURCE_URI").path("state").asString()).isEqualTo("NOT_SET");
        told(0, "FIREDRILL_SOURCE_URI", "--for", "drill");
        assertThat(told(2, "FIREDRILL_SOURCE_URI", "--for", "backup")
                        .path("hint")
                        .asString())
                .contains("FIREDRILL_SOURCE_URI_FILE");
        assertThat(call.err()).contains("FIREDRILL_SOURCE_URI");
    }

    @Test
    void theTableNamesEachAndShowsNone() {
        call.with("AWS_SECRET_ACCESS_KEY", VALUE);
        assertThat(call.run("doctor", "secrets")).isZero();
        assertThat(call.out())
                .startsWith("OK  0 failed, 0 to look at, 3 fine")
                .contains("environment variable FIREDRILL_SOURCE_URI", "firedrill-notify/webhook")
                .doesNotContain(VALUE, "mongodb://");
        assertThat(contract()).allSatisfy(each -> assertThat(call.out()).contains(each.name()));
    }

    @Test
    void whatMakesNoSenseIsAUsageErrorAndIsNotRepeated() {
        for (String wrong : List.of("FIREDRILL_SOURCE_URI=" + VALUE, "NOTHING=2026-01-01", VALUE)) {
            assertThat(call.run("doctor", "secrets", "--rotated", wrong)).isEqualTo(2);
            assertThat(call.out() + call.err()).doesNotContain(VALUE);
        }
        assertThat(call.run("doctor", "secrets", "--for", "lunch")).isEqualTo(2);
    }
}
