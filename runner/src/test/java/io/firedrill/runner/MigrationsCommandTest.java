package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.migration.ChangeState;
import io.firedrill.migration.LintRule;
import io.firedrill.migration.ProjectConfig;
import io.firedrill.migration.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationsCommandTest {
    private Call call = new Call(Path.of("."));
    private Path directory = Path.of(".");

    @BeforeEach
    void callFromAnEmptyDirectory(@TempDir Path empty) {
        directory = empty;
        call = new Call(empty);
    }

    private int list(String... arguments) {
        return call.run(Stream.concat(Stream.of("migrations", "list"), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    private MigrationsRequest request() {
        return (MigrationsRequest) call.operations.requests.getLast();
    }

    @ParameterizedTest
    @CsvSource({
        "APPLIED,false,0",
        "RUN_ALWAYS,false,0",
        "PENDING,false,60",
        "OUT_OF_ORDER,false,61",
        "CHANGED,false,61",
        "ORPHAN,false,61",
        "FAILED,false,61",
        "APPLIED,true,20",
        "PENDING,true,20",
        "FAILED,true,20"
    })
    void checkEndsWithWhatTheListCameTo(ChangeState state, boolean locked, int code) {
        call.operations.migrations = MigrationsPrintersTest.result(
                locked ? MigrationsPrintersTest.lock(true) : MigrationsPrintersTest.lock(false),
                MigrationsPrintersTest.line("first", ChangeState.APPLIED, ""),
                MigrationsPrintersTest.line("second", state, ""));
        assertThat(list("--jar", "a.jar")).as("a list is only a list").isZero();
        assertThat(list("--jar", "a.jar", "--check")).isEqualTo(code);
        assertThat(call.out()).contains("second", state.name());
        assertThat(call.err().isEmpty()).isEqualTo(code == 0);
        if (code > 20) {
            assertThat(call.err()).contains("1 migration ", "second (ada)");
        }
    }

    @Test
    void driftGoesBeforePendingAndLongListsAreCut() {
        MigrationsResult.Line[] lines = IntStream.range(0, 15)
                .mapToObj(i -> MigrationsPrintersTest.line("c" + i, ChangeState.PENDING, ""))
                .toArray(MigrationsResult.Line[]::new);
        call.operations.migrations = MigrationsPrintersTest.result(null, lines);
        assertThat(list("--jar", "a.jar", "--check")).isEqualTo(60);
        assertThat(call.err()).contains("15 migrations pending: c0 (ada), ", "c9 (ada) and 5 more");
        lines[3] = MigrationsPrintersTest.line("c3", ChangeState.ORPHAN, "");
        call.operations.migrations = MigrationsPrintersTest.result(null, lines);
        assertThat(list("--jar", "a.jar", "--check", "--output", "json")).isEqualTo(61);
        assertThat(call.out()).startsWith("{\"schemaVersion\":1,\"tool\":\"mongock\",\"toolVersion\":\"5.5.1\",");
        assertThat(call.err()).startsWith("{\"schemaVersion\":1,\"error\":{\"kind\":\"MIGRATIONS_DRIFTED\"");
    }

    @Test
    void aHostileNameDoesNotSteerTheTerminalOfAnError() {
        call.operations.migrations = MigrationsPrintersTest.result(
                null, MigrationsPrintersTest.line(MigrationsPrintersTest.HOSTILE, ChangeState.ORPHAN, ""));
        assertThat(list("--jar", "a.jar", "--check")).isEqualTo(61);
        assertThat(call.err()).doesNotContain("\u001b", "\r", "\u202e").contains("\\u{1b}[31m");
        assertThat(call.err().lines()).hasSize(3);
    }

    @Test
    void neitherStoreNorConfirmationIsNeeded() {
        call.without("FIREDRILL_STORE").without("FIREDRILL_SOURCE_URI");
        assertThat(list("--jar", "a.jar", "--offline")).isZero();
        assertThat(request().offline()).isTrue();
    }

    @Test
    void flamingocksLogLiesWhereItUsuallyDoesUnlessOneSaysOtherwise() {
        assertThat(list("--flamingock", "--database", "shop")).isZero();
        assertThat(request().of()).isEqualTo(new MigrationsOf.AuditLog("flamingockAuditLog", "flamingockLock"));
        assertThat(list("--flamingock", "--database", "shop", "--changelog", "a", "--lock-collection", "b"))
                .isZero();
        assertThat(request().of()).isEqualTo(new MigrationsOf.AuditLog("a", "b"));
    }

    @Test
    void optionsBecomeWhatIsAskedFor() {
        assertThat(list(
                        "--jar",
                        "a.jar",
                        "--database",
                        "shop",
                        "--uri-file",
                        "uri",
                        "--package",
                        "a.b,c",
                        "--changelog",
                        "log",
                        "--lock-collection",
                        "lock",
                        "--default-author",
                        "me"))
                .isZero();
        assertThat(request().database()).isEqualTo("shop");
        assertThat(request().uriFile()).isEqualTo(directory.resolve("uri"));
        assertThat(request().of()).isInstanceOfSatisfying(MigrationsOf.Jar.class, jar -> {
            assertThat(jar.file()).isEqualTo(directory.resolve("a.jar"));
            assertThat(jar.options().packages()).containsExactly("a.b", "c");
            assertThat(jar.options().changelog()).isEqualTo("log");
            assertThat(jar.options().lockCollection()).isEqualTo("lock");
            assertThat(jar.options().defaultAuthor()).isEqualTo("me");
        });
        assertThat(list(
                        "--project",
                        "p",
                        "--migrations-dir",
                        "m",
                        "--extension",
                        ".mjs",
                        "--use-file-hash",
                        "--lock-ttl",
                        "9"))
                .isZero();
        assertThat(request().of()).isInstanceOfSatisfying(MigrationsOf.Project.class, project -> {
            ProjectConfig config = project.options().given().orElseThrow();
            assertThat(config.directory()).isEqualTo("m");
            assertThat(config.extension()).isEqualTo(".mjs");
            assertThat(config.useFileHash()).isTrue();
            assertThat(config.lockTtl()).hasValue(9);
        });
        assertThat(list("--project", "p")).isZero();
        assertThat(request().of())
                .isInstanceOfSatisfying(
                        MigrationsOf.Project.class,
                        project -> assertThat(project.options().given()).isEmpty());
        assertThat(list("--command-list", "npm run 'a b' -- --list", "--command-timeout", "5s", "--uri-env", "MONGO"))
                .isZero();
        assertThat(request().of()).isInstanceOfSatisfying(MigrationsOf.Command.class, command -> {
            assertThat(command.options().arguments()).containsExactly("npm", "run", "a b", "--", "--list");
            assertThat(command.options().limit()).isEqualTo(Duration.ofSeconds(5));
            assertThat(command.options().directory()).isEqualTo(directory);
            assertThat(command.uriVariable()).isEqualTo("MONGO");
        });
        assertThat(list("--command-list", "a | b", "--shell")).isZero();
        assertThat(request().of())
                .isInstanceOfSatisfying(
                        MigrationsOf.Command.class,
                        command -> assertThat(command.options().arguments()).containsExactly("sh", "-c", "a | b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--check|nothing says where the migrations are|Give one of --jar",
                "--jar a --project b|migrations are in more than one place|Give one of --jar",
                "--jar a --offline --check|--offline does not go with --check|leave --offline out",
                "--jar a --shell|--shell does not go with --jar|It is for --command-list",
                "--project p --package a|--package does not go with --project|It is for --jar",
                "--command-list a --database d|--database does not go with --command-list|It is for --jar and --project",
                "--command-list a --offline|--offline does not go with --command-list|leave --offline out",
                "--flamingock --offline|--offline does not go with --flamingock|leave --offline out",
                "--flamingock --jar a|--flamingock reads a log|Give one of them",
                "--flamingock --package a.b|--package does not go with --flamingock|It is for --jar",
                "--command-list a --command-timeout soon|--command-timeout is 'soon'|--command-timeout 2m",
                "--command-list 'a|--command-list has a quote ' that is not closed|Close it",
                "--command-list=|--command-list is empty|Give a program",
                "--project p --lock-ttl 3|the project's configuration says that already|--migrations-dir",
                "--project p --extension .ts|the project's configuration says that already|--migrations-dir",
                "--jar a --output xml|'xml'|See firedrill migrations list --help."
            })
    void aMistakeIsNamed(String arguments, String message, String hint) {
        assertThat(list(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(call.err()).contains(message, hint);
        assertThat(call.operations.requests).isEmpty();
    }

    @Test
    void formatsOfTheListAreRefusedElsewhereBeforeAnythingIsDone() {
        for (String[] arguments : new String[][] {
            {"status", "--output", "sarif"}, {"--output", "junit", "backup"}, {"help", "backup", "--output", "markdown"}
        }) {
            assertThat(call.run(arguments)).isEqualTo(2);
            assertThat(call.err()).contains("--output is '", "writes text or json", "--help");
        }
        assertThat(call.operations.requests).isEmpty();
        assertThat(list("--jar", "a.jar", "--output", "sarif")).isZero();
        assertThat(call.out()).startsWith("{\"$schema\"");
        assertThat(list("--jar", "a.jar", "--output", "junit")).isZero();
        assertThat(call.out()).startsWith("<?xml");
        assertThat(list("--jar", "a.jar", "--output", "markdown")).isZero();
        assertThat(call.out()).startsWith("## ");
    }

    @Test
    void theHelpHasExamplesFirst() {
        assertThat(list("--help")).isZero();
        assertThat(call.out())
                .containsSubsequence(
                        "Examples:",
                        "firedrill migrations list --jar",
                        "Usage: firedrill migrations list",
                        "--check",
                        "Write results as text, json, junit, sarif or markdown.",
                        "FIREDRILL_SOURCE_URI",
                        "Exit codes:",
                        "60  ",
                        "61  ");
    }

    @Test
    void theDocumentListsExactlyTheRules() throws IOException {
        List<String> rules = Arrays.stream(LintRule.values())
                .map(rule -> "| `%s` | %s | %s | %s |"
                        .formatted(rule.id(), rule.level().name().toLowerCase(Locale.ROOT), rule.why(), rule.recipe()))
                .toList();
        List<String> rows = Files.readAllLines(Documents.ROOT.resolve("docs/MIGRATIONS.md")).stream()
                .dropWhile(line -> !line.startsWith("| rule |"))
                .skip(2)
                .toList();
        assertThat(rows).isEqualTo(rules);
        assertThat(Files.readString(Documents.ROOT.resolve("docs/MIGRATIONS.md")))
                .contains(Arrays.stream(ChangeState.values())
                        .map(state -> "| `" + state + "` |")
                        .toList())
                .contains(Arrays.stream(Property.values())
                        .map(property -> "| `" + property + "` |")
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a  b\tc|a,b,c",
                "'a b' \"c d\"|a b,c d",
                "a\\ b 'c\\d'|a b,c\\d",
                "x\"y z\"w|xy zw",
                "'' a|,a",
                "\"it's\"|it's",
                "a\\|a\\"
            })
    void aCommandIsTakenApartAsAShellWould(String line, String arguments) {
        assertThat(ArgumentLine.split(line, "--x")).containsExactly(arguments.split(",", -1));
    }

    @Test
    void anEmptyCommandIsNone() {
        assertThatThrownBy(() -> ArgumentLine.split("  ", "--x"))
                .isInstanceOf(Failure.class)
                .hasMessage("--x is empty");
    }
}
