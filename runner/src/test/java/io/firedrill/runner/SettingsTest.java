package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.backup.LoadLimits;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.Schedule;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.monitoring.Webhook;
import io.firedrill.oplog.ArchivePace;
import io.firedrill.retention.Keep;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.retention.Tier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
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
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final Map<Setting, String> examples = new EnumMap<>(Setting.class);

    private GivenSettings given = new GivenSettings(Path.of(""));

    @BeforeEach
    void giveEverySettingAValueThatIsNotItsDefault() throws IOException {
        given = new GivenSettings(directory);
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

    private static String fileForm(Setting setting) {
        return setting.key() + "-file";
    }

    @Test
    void theDefaultsAskForNothing() {
        given.environment.put("HOME", "/home/jane");
        given.environment.put("USER", "jane");
        assertThat(given.read())
                .isEqualTo(new Settings(
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        ReadFrom.SECONDARY,
                        0,
                        new LoadLimits(Optional.of(Duration.ofMillis(50))),
                        0.05,
                        null,
                        Set.of(),
                        Path.of("/home/jane/.local/state/firedrill/ephemeral"),
                        "mongod",
                        Path.of("/home/jane/.local/state/firedrill"),
                        null,
                        null,
                        null,
                        Optional.empty(),
                        null,
                        null,
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        Duration.ofSeconds(60),
                        Set.of(),
                        new Settings.Archive(
                                new ArchivePace(Duration.ofSeconds(10), Duration.ofMinutes(1)),
                                Duration.ofHours(1),
                                Optional.empty()),
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
                        Optional.empty(),
                        new Settings.Evidence("default", null, List.of(), Optional.empty(), null),
                        "jane",
                        Mode.MANUAL,
                        new Settings.Due(Optional.empty(), Duration.ofHours(1)),
                        new Settings.Push(null, null),
                        new Settings.Notify(null, Webhook.Format.JSON, Optional.empty()),
                        Duration.ofSeconds(30)));
        assertThat(given.warnings).isEmpty();
    }

    @Test
    void withoutAHomeAndAUserThereAreStillDefaults() {
        given.environment.put("USER", "");
        assertThat(given.read().operator()).isEqualTo("unknown");
        assertThat(given.read().stateDir())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/firedrill"));
        given.environment.put("XDG_STATE_HOME", "/var/state");
        assertThat(given.read().stateDir()).isEqualTo(Path.of("/var/state/firedrill"));
    }

    @Test
    void everySettingIsReadFromTheEnvironment() {
        examples.forEach((setting, value) -> {
            if (!setting.key().endsWith("-file")) {
                given.environment.put(setting.environment(), value);
            }
        });
        assertThat(given.read()).isEqualTo(full());
    }

    private static Settings full() {
        return new Settings(
                URI.create("s3://backups/prod"),
                URI.create("https://minio:9000"),
                "eu-central-1",
                Path.of("/run/secrets/store.key"),
                List.of("/etc/firedrill/public.pem"),
                List.of("/run/secrets/private.pem"),
                new Secret("mongodb://source/"),
                "orders",
                new ReadFrom(ReadFrom.Place.MEMBER, "db2:27017"),
                50_000_000,
                new LoadLimits(Optional.of(Duration.ofMillis(100))),
                0.2,
                new Secret("mongodb+srv://staging/"),
                Set.of("staging", "drill"),
                Path.of("/var/tmp/firedrill"),
                "/usr/bin/mongod",
                Path.of("/var/lib/firedrill"),
                "jdbc:postgresql://db/firedrill",
                "firedrill",
                new Secret("…"),
                Optional.of(new Broker("tcp://broker:61617?sslEnabled=true", "firedrill", new Secret("…"))),
                Duration.ofMinutes(15),
                Duration.ofMinutes(90),
                4,
                Duration.ofSeconds(90),
                Set.of("shop.sessions", "shop.cache"),
                new Settings.Archive(
                        new ArchivePace(Duration.ofSeconds(5), Duration.ofSeconds(30)),
                        Duration.ofHours(2),
                        Optional.of(Duration.ofHours(6))),
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
                Optional.of(Duration.ofDays(14)),
                new Settings.Evidence(
                        "audit",
                        Path.of("/run/secrets/evidence.pem"),
                        List.of(Path.of("/etc/firedrill/evidence-public.pem")),
                        Optional.of(Duration.ofDays(400)),
                        URI.create("s3://witness/prod")),
                "jane",
                Mode.SCHEDULED,
                new Settings.Due(
                        Optional.of(List.of(
                                new Schedule.Entry(RunKind.BACKUP, "0 2 * * *"),
                                new Schedule.Entry(RunKind.DRILL, "0 4 * * 1"))),
                        Duration.ofHours(2)),
                new Settings.Push("firedrill", new Secret("…")),
                new Settings.Notify(
                        new Secret("https://hooks.example.com/firedrill"),
                        Webhook.Format.SLACK,
                        Optional.of(new Settings.Post(
                                URI.create("smtps://mail.example.com:465"),
                                "firedrill",
                                new Secret("…"),
                                "firedrill@example.com",
                                Set.of("oncall@example.com", "dba@example.com")))),
                Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromFlagEnvironmentAndFileInThisOrder(Setting setting) throws IOException {
        String value = String.valueOf(examples.get(setting));
        given.file(setting.key() + ": '" + value + "'");
        assertThat(given.given().get(setting))
                .isEqualTo(new Given(
                        setting,
                        value,
                        Origin.file(directory.resolve("firedrill.yaml").toString(), 1)));

        given.environment.put(setting.environment(), value);
        assertThat(given.given().get(setting))
                .isEqualTo(new Given(setting, value, Origin.environment(setting.environment())));

        if (!setting.secret()) {
            given.flags.put(setting, value);
            assertThat(given.given().get(setting))
                    .isEqualTo(new Given(setting, value, Origin.flag("--" + setting.key())));
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void anEmptyVariableIsAsGoodAsNone(Setting setting) {
        Given absent = given.given().get(setting);
        given.environment.put(setting.environment(), "");
        assertThat(given.given().get(setting)).isEqualTo(absent);
    }

    @Test
    void anEmptyFlagIsAnErrorBecauseItHidesAnEmptyShellVariable() {
        given.flags.put(Setting.STORE, "");
        assertThat(given.failure()).hasMessage("--store is empty");
    }

    @Test
    void aSecretMayLieInAFileWhoseTrailingNewlineIsNoPartOfIt() {
        given.environment.put("FIREDRILL_SOURCE_URI_FILE", String.valueOf(examples.get(Setting.SOURCE_URI_FILE)));
        assertThat(given.read().sourceUri()).isEqualTo(new Secret("mongodb://from-file/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", ".", "empty"})
    void aSecretFileWithoutASecretIsAnError(String name) throws IOException {
        Files.writeString(directory.resolve("empty"), "\n");
        given.environment.put(
                "FIREDRILL_STAGING_URI_FILE", directory.resolve(name).toString());
        assertThat(given.failure().text())
                .contains("staging-uri-file", name, "environment variable FIREDRILL_STAGING_URI_FILE");
    }

    @Test
    void aSecretGivenTwiceIsAnErrorThatNamesBothPlaces() throws IOException {
        given.file("source-uri: mongodb://hidden/");
        given.flags.put(Setting.SOURCE_URI_FILE, String.valueOf(examples.get(Setting.SOURCE_URI_FILE)));
        assertThat(given.failure().text())
                .contains("source-uri (", "firedrill.yaml line 1", "flag --source-uri-file")
                .doesNotContain("hidden");
    }

    @Test
    void listsInTheFileMayBeLists() throws IOException {
        given.file("exclude:", "  - shop.cache", "  - shop.sessions", "staging-allow: []", "store:", "s3-region: ~");
        assertThat(given.read().exclude()).containsExactly("shop.cache", "shop.sessions");
        assertThat(given.read().stagingAllow()).isEmpty();
        assertThat(given.read().store()).isNull();
        assertThat(given.read().s3Region()).isNull();
    }

    @Test
    void valuesInTheFileStayWhatWasWritten() throws IOException {
        given.file("operator: yes", "source-name: 007", "rto-target: 90s");
        assertThat(given.read().operator()).isEqualTo("yes");
        assertThat(given.read().sourceName()).isEqualTo("007");
    }

    @Test
    void anEmptyFileIsFine() throws IOException {
        given.file("# nothing yet");
        assertThat(given.read().ledger()).isEqualTo("default");
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOneAndTheLine() throws IOException {
        given.file("store: file:///b", "laness: 4");
        assertThat(given.failure())
                .hasMessageStartingWith("unknown setting laness (")
                .hasMessageEndingWith("line 2)");
        assertThat(given.failure().hint()).isEqualTo("Did you mean lanes?");
        given.file("colour-of-the-sky: blue");
        assertThat(given.failure().hint()).contains("config show");
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
        given.file(text.replace("\\n", "\n"));
        assertThat(given.failure().text())
                .contains(what, line, "firedrill.yaml")
                .doesNotContain("hidden");
    }

    @Test
    void aFileThatIsNoTextIsAnError() throws IOException {
        Files.write(directory.resolve("firedrill.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(given.failure().text()).contains("cannot be read");
    }

    @Test
    void theFileMayBeNamedByFlagOrVariable() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "ledger: a");
        Files.writeString(directory.resolve("b.yaml"), "ledger: b");
        given.file("ledger: c");
        given.environment.put("FIREDRILL_CONFIG", "a.yaml");
        assertThat(given.read().ledger()).isEqualTo("a");
        var reader = new SettingsReader(given.environment, directory, given.warnings::add);
        assertThat(Settings.of(reader.read(given.flags, Optional.of("b.yaml")), directory)
                        .ledger())
                .isEqualTo("b");
        given.environment.put("FIREDRILL_CONFIG", "missing.yaml");
        assertThat(given.failure().text()).contains("missing.yaml does not exist");
    }

    @Test
    void unknownVariablesAreWarnedOfUnlessTheyBelongToScripts() {
        given.environment.put("FIREDRILL_LANSE", "4");
        given.environment.put("FIREDRILL_SOMETHING_QUITE_DIFFERENT", "4");
        for (String known : List.of("MONGOD", "TEST_S3_ENDPOINT", "CACHE_DIR", "JAVA_HOME", "JAVA_OPTS", "S3_PID")) {
            given.environment.put("FIREDRILL_" + known, "x");
        }
        given.environment.put("FIREDRILL_BENCH_TOOLS", "x");
        var unused = given.read();
        assertThat(unused.lanes()).isPositive();
        assertThat(given.warnings)
                .containsExactly(
                        "environment variable FIREDRILL_LANSE is no setting and is not used; did you mean"
                                + " FIREDRILL_LANES?",
                        "environment variable FIREDRILL_SOMETHING_QUITE_DIFFERENT is no setting and is not used");
    }

    @ParameterizedTest
    @EnumSource(names = {"STORE", "SOURCE_URI", "STAGING_URI"})
    void aMissingSettingNamesAllWaysToGiveIt(Setting setting) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> given.read().require(List.of(setting)))
                .withMessage(setting.key() + " is not set")
                .satisfies(thrown -> assertThat(thrown.hint())
                        .contains(setting.environment(), setting.key() + ": in firedrill.yaml"))
                .satisfies(thrown ->
                        assertThat(thrown.hint().contains("--" + setting.key())).isEqualTo(!setting.secret()))
                .satisfies(thrown -> assertThat(thrown.hint().contains(setting.environment() + "_FILE"))
                        .isEqualTo(setting.secret()));
        given.environment.put(setting.environment(), String.valueOf(examples.get(setting)));
        given.read().require(List.of(setting));
    }

    @Test
    void aSecretNeverPrints() {
        given.environment.put("FIREDRILL_SOURCE_URI", "mongodb://u:Pa55word@host/");
        assertThat(given.read().toString()).contains("***").doesNotContain("Pa55word");
        assertThat(given.given().toString())
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
