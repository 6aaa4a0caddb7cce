package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.retention.Keep;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.retention.Tier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final Map<Setting, String> examples = new EnumMap<>(Setting.class);

    @BeforeEach
    void giveEverySettingAValueThatIsNotItsDefault() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "mongodb://from-file/\n\n");
        for (Setting setting : Setting.all()) {
            examples.put(setting, setting.example());
            if (setting.key().endsWith("-file")) {
                examples.put(setting, secret.toString());
            }
        }
        examples.put(Setting.SOURCE_URI, "mongodb://source/");
        examples.put(Setting.STAGING_URI, "mongodb+srv://staging/");
        examples.put(Setting.LEASE, "90s");
        examples.put(Setting.LEDGER, "audit");
        examples.put(Setting.PROGRESS_INTERVAL, "5s");
    }

    private Map<Setting, Given> given() {
        return new SettingsReader(environment, directory, warnings::add).read(flags, Optional.empty());
    }

    private Settings read() {
        return Settings.of(given(), directory);
    }

    private void file(String... lines) throws IOException {
        Files.write(directory.resolve("firedrill.yaml"), List.of(lines));
    }

    private Failure failure() {
        return assertThatExceptionOfType(Failure.class)
                .isThrownBy(this::read)
                .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .actual();
    }

    private static String fileForm(Setting setting) {
        return setting.key() + "-file";
    }

    @Test
    void theDefaultsAskForNothing() {
        environment.put("HOME", "/home/jane");
        environment.put("USER", "jane");
        assertThat(read())
                .isEqualTo(new Settings(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Set.of(),
                        Path.of("/home/jane/.local/state/firedrill"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        Duration.ofSeconds(60),
                        Set.of(),
                        new RetentionPolicy(
                                0,
                                Map.of(
                                        Tier.HOURLY, Keep.NOTHING,
                                        Tier.DAILY, Keep.NOTHING,
                                        Tier.WEEKLY, Keep.NOTHING,
                                        Tier.MONTHLY, Keep.NOTHING),
                                Duration.ofDays(1),
                                Duration.ofDays(2),
                                Duration.ofDays(1)),
                        "default",
                        "jane",
                        Mode.MANUAL,
                        Duration.ofSeconds(30)));
        assertThat(warnings).isEmpty();
    }

    @Test
    void withoutAHomeAndAUserThereAreStillDefaults() {
        environment.put("USER", "");
        assertThat(read().operator()).isEqualTo("unknown");
        assertThat(read().stateDir()).isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/firedrill"));
        environment.put("XDG_STATE_HOME", "/var/state");
        assertThat(read().stateDir()).isEqualTo(Path.of("/var/state/firedrill"));
    }

    @Test
    void everySettingIsReadFromTheEnvironment() {
        examples.forEach((setting, value) -> {
            if (!setting.key().endsWith("-file")) {
                environment.put(setting.environment(), value);
            }
        });
        assertThat(read()).isEqualTo(full());
    }

    private static Settings full() {
        return new Settings(
                URI.create("s3://backups/prod"),
                URI.create("https://minio:9000"),
                "eu-central-1",
                new Secret("mongodb://source/"),
                "orders",
                new Secret("mongodb+srv://staging/"),
                Set.of("staging", "drill"),
                Path.of("/var/lib/firedrill"),
                "jdbc:postgresql://db/firedrill",
                "firedrill",
                new Secret("…"),
                Duration.ofMinutes(15),
                Duration.ofMinutes(90),
                4,
                Duration.ofSeconds(90),
                Set.of("shop.sessions", "shop.cache"),
                new RetentionPolicy(
                        7,
                        Map.of(
                                Tier.HOURLY, Keep.newest(24),
                                Tier.DAILY, Keep.within(Duration.ofDays(14)),
                                Tier.WEEKLY, Keep.newest(8),
                                Tier.MONTHLY, Keep.newest(12)),
                        Duration.ofDays(3),
                        Duration.ofDays(5),
                        Duration.ofDays(2)),
                "audit",
                "jane",
                Mode.SCHEDULED,
                Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromFlagEnvironmentAndFileInThisOrder(Setting setting) throws IOException {
        String value = String.valueOf(examples.get(setting));
        file(setting.key() + ": '" + value + "'");
        assertThat(given().get(setting))
                .isEqualTo(new Given(
                        setting,
                        value,
                        Origin.file(directory.resolve("firedrill.yaml").toString(), 1)));

        environment.put(setting.environment(), value);
        assertThat(given().get(setting))
                .isEqualTo(new Given(setting, value, Origin.environment(setting.environment())));

        if (!setting.secret()) {
            flags.put(setting, value);
            assertThat(given().get(setting)).isEqualTo(new Given(setting, value, Origin.flag("--" + setting.key())));
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void anEmptyVariableIsAsGoodAsNone(Setting setting) {
        Given absent = given().get(setting);
        environment.put(setting.environment(), "");
        assertThat(given().get(setting)).isEqualTo(absent);
    }

    @Test
    void anEmptyFlagIsAnErrorBecauseItHidesAnEmptyShellVariable() {
        flags.put(Setting.STORE, "");
        assertThat(failure()).hasMessage("--store is empty");
    }

    @Test
    void aSecretMayLieInAFileWhoseTrailingNewlineIsNoPartOfIt() {
        environment.put("FIREDRILL_SOURCE_URI_FILE", String.valueOf(examples.get(Setting.SOURCE_URI_FILE)));
        assertThat(read().sourceUri()).isEqualTo(new Secret("mongodb://from-file/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", ".", "empty"})
    void aSecretFileWithoutASecretIsAnError(String name) throws IOException {
        Files.writeString(directory.resolve("empty"), "\n");
        environment.put("FIREDRILL_STAGING_URI_FILE", directory.resolve(name).toString());
        assertThat(failure().text())
                .contains("staging-uri-file", name, "environment variable FIREDRILL_STAGING_URI_FILE");
    }

    @Test
    void aSecretGivenTwiceIsAnErrorThatNamesBothPlaces() throws IOException {
        file("source-uri: mongodb://hidden/");
        flags.put(Setting.SOURCE_URI_FILE, String.valueOf(examples.get(Setting.SOURCE_URI_FILE)));
        assertThat(failure().text())
                .contains("source-uri (", "firedrill.yaml line 1", "flag --source-uri-file")
                .doesNotContain("hidden");
    }

    @Test
    void listsInTheFileMayBeLists() throws IOException {
        file("exclude:", "  - shop.cache", "  - shop.sessions", "staging-allow: []", "store:", "s3-region: ~");
        assertThat(read().exclude()).containsExactly("shop.cache", "shop.sessions");
        assertThat(read().stagingAllow()).isEmpty();
        assertThat(read().store()).isNull();
        assertThat(read().s3Region()).isNull();
    }

    @Test
    void valuesInTheFileStayWhatWasWritten() throws IOException {
        file("operator: yes", "source-name: 007", "rto-target: 90s");
        assertThat(read().operator()).isEqualTo("yes");
        assertThat(read().sourceName()).isEqualTo("007");
    }

    @Test
    void anEmptyFileIsFine() throws IOException {
        file("# nothing yet");
        assertThat(read().ledger()).isEqualTo("default");
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOneAndTheLine() throws IOException {
        file("store: file:///b", "laness: 4");
        assertThat(failure()).hasMessageStartingWith("unknown setting laness (").hasMessageEndingWith("line 2)");
        assertThat(failure().hint()).isEqualTo("Did you mean lanes?");
        file("colour-of-the-sky: blue");
        assertThat(failure().hint()).contains("config show");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lanes: 4\\nlanes: 5|twice|line 2",
                "store:\\n  url: hidden|nested|line 2",
                "exclude: [[hidden]]|nested|line 1",
                "- hidden|not a list of settings|line 1",
                "source-uri: 'hidden|not valid YAML|line",
                "[a]: hidden|unknown setting ?|line 1"
            })
    void aFileThatIsNoFlatMapIsAnErrorThatQuotesNothing(String text, String what, String line) throws IOException {
        file(text.replace("\\n", "\n"));
        assertThat(failure().text()).contains(what, line, "firedrill.yaml").doesNotContain("hidden");
    }

    @Test
    void aFileThatIsNoTextIsAnError() throws IOException {
        Files.write(directory.resolve("firedrill.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(failure().text()).contains("cannot be read");
    }

    @Test
    void theFileMayBeNamedByFlagOrVariable() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "ledger: a");
        Files.writeString(directory.resolve("b.yaml"), "ledger: b");
        file("ledger: c");
        environment.put("FIREDRILL_CONFIG", "a.yaml");
        assertThat(read().ledger()).isEqualTo("a");
        var reader = new SettingsReader(environment, directory, warnings::add);
        assertThat(Settings.of(reader.read(flags, Optional.of("b.yaml")), directory)
                        .ledger())
                .isEqualTo("b");
        environment.put("FIREDRILL_CONFIG", "missing.yaml");
        assertThat(failure().text()).contains("missing.yaml does not exist");
    }

    @Test
    void unknownVariablesAreWarnedOfUnlessTheyBelongToScripts() {
        environment.put("FIREDRILL_LANSE", "4");
        environment.put("FIREDRILL_SOMETHING_QUITE_DIFFERENT", "4");
        for (String known : List.of("MONGOD", "TEST_S3_ENDPOINT", "CACHE_DIR", "JAVA_HOME", "JAVA_OPTS", "S3_PID")) {
            environment.put("FIREDRILL_" + known, "x");
        }
        environment.put("FIREDRILL_BENCH_TOOLS", "x");
        var unused = read();
        assertThat(unused.lanes()).isPositive();
        assertThat(warnings)
                .containsExactly(
                        "environment variable FIREDRILL_LANSE is no setting and is not used; did you mean"
                                + " FIREDRILL_LANES?",
                        "environment variable FIREDRILL_SOMETHING_QUITE_DIFFERENT is no setting and is not used");
    }

    @ParameterizedTest
    @CsvSource({
        "STORE, ftp://host/dir",
        "STORE, s3:///prefix",
        "STORE, file://host/dir",
        "STORE, file:///",
        "STORE, backups",
        "STORE, s3://bucket/a?b",
        "STORE, s3://bucket/a#b",
        "STORE, s3://bu cket",
        "STORE, file:dir",
        "S3_ENDPOINT, minio:9000",
        "S3_ENDPOINT, ftp://minio",
        "S3_ENDPOINT, http:///x",
        "SOURCE_NAME, ../up",
        "LEDGER, a/b",
        "STAGING_ALLOW, 'a,,b'",
        "EXCLUDE, shop",
        "EXCLUDE, .cache",
        "LANES, 0",
        "LANES, 65",
        "LANES, many",
        "LANES, -1",
        "LEASE, 60",
        "LEASE, 0s",
        "RTO_TARGET, soon",
        "RPO_TARGET, PT",
        "RPO_TARGET, -PT5M",
        "PROGRESS_INTERVAL, 99999999999999999999d",
        "PROGRESS_INTERVAL, 9999999999999999d",
        "MODE, Manual",
        "JOB_REPOSITORY_URL, jdbc:h2:mem:x"
    })
    void aBadValueIsNamedWithItsSettingItsOriginAndAnExample(Setting setting, String value) {
        environment.put(setting.environment(), value);
        assertThat(failure().text())
                .startsWith(setting.key() + " is '" + value + "' (environment variable " + setting.environment())
                .contains(" but must be ");
        assertThat(failure().hint()).isEqualTo("Give, for example, --" + setting.key() + " " + setting.example() + ".");
    }

    @Test
    void aDirectoryThatCannotBeOneIsABadValue() {
        environment.put("FIREDRILL_STATE_DIR", "a\0b");
        assertThat(failure().text()).contains("must be a directory");
        environment.put("FIREDRILL_STATE_DIR", "relative");
        assertThat(read().stateDir()).isEqualTo(directory.resolve("relative"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SOURCE_URI", "STAGING_URI"})
    void aBadSecretIsNamedWithoutItsValue(Setting setting) {
        environment.put(setting.environment(), "postgres://u:Pa55word@host");
        assertThat(failure().text()).contains(setting.key(), "mongodb://").doesNotContain("Pa55word");
        assertThat(failure().hint()).contains(setting.environment() + "=");
    }

    @ParameterizedTest
    @CsvSource({
        "STORE, s3://AKIA:Pa55word@bucket/prefix",
        "S3_ENDPOINT, https://u:Pa55word@minio",
        "JOB_REPOSITORY_URL, jdbc:postgresql://db/x?user=u&password=Pa55word"
    })
    void anAddressWithCredentialsIsRefusedWithoutRepeatingThem(Setting setting, String value) {
        flags.put(setting, value);
        assertThat(failure().text()).contains(setting.key(), "flag --").doesNotContain("Pa55word");
        assertThat(failure().hint()).doesNotContain("Pa55word");
    }

    @ParameterizedTest
    @EnumSource(names = {"STORE", "SOURCE_URI", "STAGING_URI"})
    void aMissingSettingNamesAllWaysToGiveIt(Setting setting) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read().require(List.of(setting)))
                .withMessage(setting.key() + " is not set")
                .satisfies(thrown -> assertThat(thrown.hint())
                        .contains(setting.environment(), setting.key() + ": in firedrill.yaml"))
                .satisfies(thrown ->
                        assertThat(thrown.hint().contains("--" + setting.key())).isEqualTo(!setting.secret()))
                .satisfies(thrown -> assertThat(thrown.hint().contains(setting.environment() + "_FILE"))
                        .isEqualTo(setting.secret()));
        environment.put(setting.environment(), String.valueOf(examples.get(setting)));
        read().require(List.of(setting));
    }

    @Test
    void aSecretNeverPrints() {
        environment.put("FIREDRILL_SOURCE_URI", "mongodb://u:Pa55word@host/");
        assertThat(read().toString()).contains("***").doesNotContain("Pa55word");
        assertThat(given().toString())
                .contains("source-uri=set (environment", "staging-uri=not set")
                .doesNotContain("Pa55word");
        assertThat(new Secret("a")).hasSameHashCodeAs(new Secret("a")).isNotEqualTo(new Secret("b"));
    }

    @Test
    void everySecretHasAFormThatLiesInAFile() {
        assertThat(Setting.all().stream().filter(Setting::secret))
                .allSatisfy(
                        secret -> assertThat(secret.inFile().map(Setting::key)).contains(fileForm(secret)));
    }
}
