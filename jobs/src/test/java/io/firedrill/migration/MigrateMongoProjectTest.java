package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrateMongoProjectTest {
    @TempDir
    Path directory;

    private static ProjectConfig config(Optional<String> lock, OptionalLong ttl, String extension) {
        return new ProjectConfig("migrations", extension, "changelog", lock, ttl, false, Optional.empty());
    }

    private MigrateMongoProject given(ProjectConfig config) {
        return new MigrateMongoProject(
                new NodeOptions(directory, "no-node-here", Duration.ofSeconds(20), Optional.of(config)));
    }

    private MigrateMongoProject read(String node) {
        return new MigrateMongoProject(new NodeOptions(directory, node, Duration.ofSeconds(20), Optional.empty()));
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Failure failure(ThrowingCallable work) {
        Failure failure = catchThrowableOfType(Failure.class, work);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void filesAreListedAsMigrateMongoListsThemWithoutAnyNode() throws IOException {
        write("migrations/20260102-b.js", "exports.up = async () => { a(); }; exports.down = async () => {};");
        write("migrations/20260101-a.js", "exports.up = async () => { a(); }; exports.down = async () => { b(); };");
        write("migrations/20260103-c.js", "exports.down = async () => { b(); };");
        write("migrations/20260104-d.js", "require('child_process'); exports.up = async () => { a(); };");
        write("migrations/sample-migration.js", "");
        write("migrations/readme.md", "");
        write("migrations/.js", "");
        write("node_modules/migrate-mongo/package.json", "{\"version\": \"14.0.7\"}");
        Artefact artefact =
                given(config(Optional.of("lock"), OptionalLong.of(60), ".js")).artefact();
        assertThat(artefact.changes())
                .extracting(change -> change.id() + " " + change.rollback())
                .containsExactly(
                        "20260101-a.js PRESENT", "20260102-b.js EMPTY", "20260103-c.js PRESENT", "20260104-d.js NONE");
        assertThat(artefact.changes())
                .flatExtracting(Change::findings)
                .extracting(Finding::rule)
                .containsExactly(
                        LintRule.ROLLBACK_EMPTY,
                        LintRule.UP_MISSING,
                        LintRule.ROLLBACK_MISSING,
                        LintRule.PROCESS_STARTED);
        assertThat(artefact.version()).contains("14.0.7");
        assertThat(artefact.findings()).containsExactly(LintRule.LOCK_NOT_REFRESHED.finding("lockTtl is 60 seconds"));
        String before = artefact.digest().orElseThrow();
        write("migrations/20260104-d.js", "exports.up = async () => { a(1); };");
        assertThat(given(config(Optional.of("lock"), OptionalLong.of(60), ".js"))
                        .artefact()
                        .digest())
                .isNotEqualTo(Optional.of(before));
    }

    private Artefact artefact() {
        return read(NodeSample.requireNode()).artefact();
    }

    @Test
    void whatAMigrationRequiresIsPartOfItsCodeAndOfTheArtefact() throws IOException {
        write("migrate-mongo-config.js", "const more = require('./settings'); module.exports = {};");
        write("settings.json", "{}");
        write(
                "migrations/1-a.js",
                "const { fill } = require('../lib/fill');\nexports.up = async (db) => { await fill(db); };");
        write("migrations/2-b.js", "exports.up = async () => { b(); };");
        write(
                "lib/fill.js",
                "import('./countries.mjs'); import later from \"./later\"; const self = require(`./fill`);");
        write("lib/countries.mjs", "export const countries = ['GB'];");
        Artefact before = artefact();
        assertThat(before.changes().getLast().codeHash())
                .as("alone")
                .contains(Fingerprint.of(directory.resolve("migrations/2-b.js")));
        Map<String, String> edits = Map.of(
                "lib/countries.mjs", "export const countries = ['FR'];",
                "lib/fill.js", "module.exports = {};",
                "lib/later/index.ts", "export default 1;");
        for (Map.Entry<String, String> edit : edits.entrySet()) {
            Path file = directory.resolve(edit.getKey());
            Optional<String> old = Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
            write(edit.getKey(), edit.getValue());
            Artefact after = artefact();
            assertThat(after.digest()).as(edit.getKey()).isNotEqualTo(before.digest());
            assertThat(after.changes().getFirst().codeHash())
                    .as(edit.getKey())
                    .isNotEqualTo(before.changes().getFirst().codeHash());
            assertThat(after.changes().getLast()).isEqualTo(before.changes().getLast());
            Files.delete(file);
            if (old.isPresent()) {
                write(edit.getKey(), old.get());
            }
            assertThat(artefact()).as("again").isEqualTo(before);
        }
        for (String file : List.of("settings.json", "migrate-mongo-config.js", "package-lock.json")) {
            String then = read(NodeSample.requireNode()).digestNow().orElseThrow();
            write(file, file.endsWith("json") ? "{\"a\": 1}" : "module.exports = { };");
            assertThat(artefact().digest()).as(file).isNotEqualTo(Optional.of(then));
            assertThat(artefact().changes()).as(file).isEqualTo(before.changes());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lock,0,NO_LOCK,lockTtl is 0",
        ",60,NO_LOCK,there is no lockCollectionName",
        "lock,,LOCK_NEVER_EXPIRES,there is no lockTtl"
    })
    void aProjectWithoutALockIsTold(String lock, Long ttl, LintRule rule, String detail) throws IOException {
        write("migrations/a.ts", "export async function up(db: Db): Promise<void> {}");
        Artefact artefact = given(config(
                        Optional.ofNullable(lock), ttl == null ? OptionalLong.empty() : OptionalLong.of(ttl), ".ts"))
                .artefact();
        assertThat(artefact.findings()).containsExactly(rule.finding(detail));
        assertThat(artefact.version()).isEmpty();
        assertThat(artefact.changes().getFirst().rollback()).isEqualTo(Rollback.UNKNOWN);
        assertThat(artefact.changes().getFirst().findings())
                .extracting(Finding::rule)
                .containsExactly(LintRule.TYPESCRIPT_NOT_READ);
    }

    @Test
    void theConfigurationIsRunByNodeAndItsConnectionStringStaysThere() throws IOException {
        String node = NodeSample.requireNode();
        write("migrate-mongo-config.js", """
                console.log('{"migrationsDir": "a trap"}');
                module.exports = {
                  mongodb: { url: 'mongodb://u:s3cret@h/', databaseName: 'shop' },
                  migrationsDir: 'db', changelogCollectionName: 'log', lockCollectionName: 'lock', lockTtl: 30,
                  migrationFileExtension: '.js', useFileHash: true, moduleSystem: 'commonjs',
                };
                """);
        write("db/a.js", "exports.up = () => { a(); }");
        MigrateMongoProject project = read(node);
        assertThat(project.database()).contains("shop");
        assertThat(project.artefact().changes()).hasSize(1);
        assertThat(project.artefact().findings())
                .containsExactly(LintRule.LOCK_NOT_REFRESHED.finding("lockTtl is 30 seconds"));
    }

    @Test
    void aConfigurationMayBeAnEsModuleAndHaveAnotherName() throws IOException {
        String node = NodeSample.requireNode();
        write("package.json", "{\"type\": \"module\"}");
        write("other-config.js", "export default { mongodb: { url: 'mongodb://h/' } };");
        write("migrations/a.js", "export const up = () => { a(); }");
        var project = new MigrateMongoProject(
                new NodeOptions(directory.resolve("other-config.js"), node, Duration.ofSeconds(20), Optional.empty()));
        assertThat(project.artefact().changes()).hasSize(1);
        assertThat(project.database()).isEmpty();
        assertThat(project.artefact().findings()).extracting(Finding::rule).containsExactly(LintRule.NO_LOCK);
    }

    @Test
    void aConfigurationThatThrowsHangsOrEndsIsNamed() throws IOException {
        String node = NodeSample.requireNode();
        write("migrate-mongo-config.js", "throw new Error('no such secret');");
        Failure thrown = failure(() -> read(node).artefact());
        assertThat(thrown.text()).contains("cannot be read: node ended with 1: Error: no such secret");
        write("migrate-mongo-config.js", "process.exit(0);");
        assertThat(failure(() -> read(node).artefact()).text()).contains("node ended with 0: it said nothing");
        write("migrate-mongo-config.js", "while (true) {}");
        var hanging =
                new MigrateMongoProject(new NodeOptions(directory, node, Duration.ofSeconds(1), Optional.empty()));
        assertThat(failure(hanging::artefact).text()).contains("did not end within 1 seconds");
    }

    @Test
    void whatIsMissingIsNamedWithWhatToGet() throws IOException {
        assertThat(failure(() -> read("node").artefact()).text()).contains("is no migrate-mongo project");
        write("migrate-mongo-config.js", "module.exports = {};");
        Failure node = failure(() -> read("no-node-here").artefact());
        assertThat(node.text()).contains("there is no Node");
        assertThat(node.hint()).contains("Node 20 or later", "--migrations-dir");
        Failure migrations = failure(() ->
                given(config(Optional.empty(), OptionalLong.empty(), ".js")).artefact());
        assertThat(migrations.text()).contains("there is no directory", "migrations");
    }

    @Test
    void anOldNodeIsNamedWithTheOneThatIsNeeded() throws IOException {
        write("migrate-mongo-config.js", "module.exports = {};");
        Path old = directory.resolve("old-node");
        // Prints behind the mark, the last argument, what a version of long ago would.
        Files.writeString(old, "#!/bin/sh\nfor mark; do :; done\necho \"$mark{\\\"node\\\": \\\"v16.3.0\\\"}\"\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();
        assertThat(failure(() -> read(old.toString()).artefact()).text()).contains("node is v16.3.0", "20 or later");
        Files.writeString(old, "#!/bin/sh\nfor mark; do :; done\necho \"$mark no json\"\n");
        assertThat(failure(() -> read(old.toString()).artefact()).text()).contains("cannot be read");
        Files.writeString(old, "#!/bin/sh\nfor mark; do :; done\necho \"$mark{}\"\n");
        assertThat(failure(() -> read(old.toString()).artefact()).text()).contains("or later");
    }

    @Test
    void withoutADatabaseThereAreNoStates() throws IOException {
        write("migrations/a.js", "exports.up = () => { a(); }");
        assertThat(failure(() -> given(config(Optional.empty(), OptionalLong.empty(), ".js"))
                                .standing(Optional.empty()))
                        .text())
                .contains("no database was named");
        assertThat(List.of(LintRule.values())).allSatisfy(rule -> {
            assertThat(rule.why()).endsWith(".");
            assertThat(rule.recipe()).matches("(?s).*[.}]");
        });
    }
}
