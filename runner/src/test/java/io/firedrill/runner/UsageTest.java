package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    private Call call = new Call(Path.of("."));

    @BeforeEach
    void callFromAnEmptyDirectory(@TempDir Path directory) {
        call = new Call(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bakcup|unknown command 'bakcup'|Did you mean backup?",
                "migrate|unknown command 'migrate'|See firedrill --help.",
                "staging cleen|unknown command 'cleen'|Did you mean clean?",
                "prune hodl|unknown command 'hodl'|Did you mean hold?",
                "prune hold b1|missing required option: '--reason=TEXT'|See firedrill prune hold --help.",
                "prune --keep-daily never|keep-daily is 'never' (flag --keep-daily)|Give, for example, --keep-daily 14d.",
                "prune --keep-last 0|keep-last is '0' (flag --keep-last)|Give, for example, --keep-last 7.",
                "help restroe|unknown command 'restroe'|Did you mean restore?",
                "backup --stroe x|unknown option '--stroe'|Did you mean --store?",
                "backup --something-else|unknown option '--something-else'|See firedrill backup --help.",
                "restore --percent=3|unknown option '--percent'|See firedrill restore --help.",
                "backup now|unexpected argument 'now'|See firedrill backup --help.",
                "verify --percent ten|'ten' is not an int|See firedrill verify --help.",
                "verify --percent 0|--percent is '0' but must be|See firedrill verify --help.",
                "verify --percent 101|--percent is '101' but must be|See firedrill verify --help.",
                "backup --store|missing required parameter for option '--store' (URL)|See firedrill backup --help.",
                "status --output xml|'xml'|See firedrill status --help.",
                "status --lanes 64|lanes is '64' (flag --lanes) but this JVM's heap has room for|Give, for example, --lanes 4.",
                "status --lanes many|lanes is 'many' (flag --lanes)|Give, for example, --lanes 4.",
                "restore --include .orders|'.orders' names no collection|Give a database (shop)",
                "restore --include=|'' names no collection|Give a database (shop)",
                "drill --exclude shop.|'shop.' names no collection|Give a database (shop)",
                "--exclude shop.tmp restore|--exclude before the command is the setting of that name|Write it behind the command",
                "--exclude shop.tmp drill|--exclude before the command is the setting of that name|Write it behind the command",
                "restore --rename shop|--rename 'shop' has to be FROM=TO with one '=' in it|Give, for example, --rename shop=shop_copy",
                "restore --rename shop=a.b|has a database on one side and a collection on the other|Give, for example, --rename",
                "restore --rename s*h*=copy*|may have one '*' in a name|Give, for example, --rename",
                "restore --rename shop=copy*|may have one '*' in a name|Give, for example, --rename",
                "restore --rename a.system.buckets.w=a.w2|names the buckets of a time series|Rename the time series itself",
                "status --config no.yaml|no.yaml does not exist|--config"
            })
    void aMistakeIsNamedWithWhatWasProbablyMeant(String arguments, String message, String hint) {
        assertThat(call.run(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).startsWith("error: ").contains(message, "\nhint: ", hint, "exit code 2 (usage)");
        assertThat(call.operations.context).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--source-uri",
                "--staging-uri",
                "--job-repository-password",
                "--push-password",
                "--notify-webhook"
            })
    void aSecretOnTheCommandLineIsRefusedAndNotRepeated(String option) {
        for (String[] arguments : new String[][] {
            {"backup", option, "mongodb://u:Secret1@host"}, {"backup", option + "=mongodb://u:Secret1@host"}
        }) {
            assertThat(call.run(arguments)).isEqualTo(2);
            assertThat(call.err())
                    .contains(option + " is no option", "other users can read", "FIREDRILL_", "_FILE")
                    .doesNotContain("Secret1");
        }
    }

    @Test
    void aUsageErrorIsADocumentIfOneIsWanted() {
        assertThat(call.run("backup", "--output=json", "--stroe")).isEqualTo(2);
        assertThat(call.err())
                .startsWith("{\"schemaVersion\":1,\"error\":{\"kind\":\"CONFIGURATION_INVALID\",\"message\":"
                        + "\"unknown option '--stroe'\",\"hint\":\"Did you mean --store?\",\"exitCode\":2}}");
        assertThat(OutputFormat.wanted("backup", "--output", "JSON")).isEqualTo(OutputFormat.JSON);
    }

    @Test
    void theFormatMayBeGivenBeforeTheCommand() {
        assertThat(call.run("--output", "json", "status")).isZero();
        assertThat(call.out()).startsWith("{\"schemaVersion\":1,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "staging", "oplog", "config"})
    void aCommandThatOnlyLeadsToOthersShowsItsHelpAsAnError(String command) {
        assertThat(call.run(Arrays.stream(command.split(" ", -1))
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains("Usage: firedrill", "Commands:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup",
                "seal",
                "restore",
                "drill",
                "status",
                "backups",
                "metrics",
                "verify",
                "prune",
                "prune hold",
                "prune release",
                "staging clean",
                "oplog archive",
                "oplog compact",
                "migrations rehearse",
                "migrations apply",
                "migrations rollback",
                "readiness",
                "readiness sign-off",
                "readiness waive",
                "readiness export",
                "readiness publish",
                "config show"
            })
    void helpShowsExamplesFirstThenOptionsSettingsAndExitCodes(String command) {
        assertThat(call.run(("help " + command).split(" ", -1))).isZero();
        String help = call.out();
        assertThat(call.run((command + " --help").split(" ", -1))).isZero();
        assertThat(call.out()).isEqualTo(help);
        assertThat(help)
                .containsSubsequence(
                        "Examples:",
                        "  firedrill " + command,
                        "Usage: firedrill " + command,
                        "Options:",
                        "--output=FORMAT",
                        "Settings (flag",
                        "--store URL, FIREDRILL_STORE",
                        "Exit codes:",
                        "    2  ");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(call.err()).isEmpty();
    }

    @Test
    void theRootHelpListsEveryCommand() {
        assertThat(call.run("help")).isZero();
        assertThat(call.out())
                .contains(
                        "backup ",
                        "restore ",
                        "drill ",
                        "staging ",
                        "status ",
                        "backups ",
                        "verify ",
                        "prune ",
                        "config ",
                        "help ");
    }

    @Test
    void theVersionNamesTheProgramAndItsJava() {
        assertThat(call.run("--version")).isZero();
        assertThat(call.out()).startsWith("firedrill ").contains("Java " + System.getProperty("java.version"));
    }

    @Test
    void theSettingsInEffectAreShownWithoutSecrets() {
        assertThat(call.with("FIREDRILL_LANSE", "4").run("config", "show", "--lanes=3"))
                .isZero();
        assertThat(call.out())
                .contains("store: file:///backups\n", "source-uri: set\n", "s3-region: not set\n", "lanes: 3\n")
                .contains("job-repository-password: not set\n")
                .doesNotContain("Pa55word");
        assertThat(call.err()).startsWith("warning: environment variable FIREDRILL_LANSE");
        assertThat(call.operations.context).isNull();
    }

    @Test
    void theirOriginsAreShownOnRequest() {
        assertThat(call.run("config", "show", "--origin", "--lanes=3")).isZero();
        assertThat(call.out())
                .contains(
                        "source-uri: set  # environment variable FIREDRILL_SOURCE_URI\n",
                        "lanes: 3  # flag --lanes\n",
                        "ledger: default  # default\n",
                        "s3-region: not set\n");
    }

    @Test
    void aSettingThatMakesNoSenseIsNotShownAsIfItDid() {
        assertThat(call.run("config", "show", "--lanes=300")).isEqualTo(2);
        assertThat(call.out()).isEmpty();
    }

    @Test
    void theSettingsAreADocumentIfOneIsWanted() {
        assertThat(call.run("config", "show", "--output", "json")).isZero();
        assertThat(call.out())
                .startsWith(
                        "{\"schemaVersion\":1,\"settings\":[{\"key\":\"store\",\"value\":\"file:///backups\","
                                + "\"origin\":\"environment variable FIREDRILL_STORE\"},{\"key\":\"s3-endpoint\",\"value\":null")
                .contains("{\"key\":\"source-uri\",\"value\":\"set\"")
                .doesNotContain("Pa55word");
    }
}
