package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One file of a migrate-mongo project at a time. */
class NodeChangesIT extends ChangeRunning {

    @Test
    void filesOfAProjectGoUpAndDownOneByOneAndTheProjectStaysAsItIs() throws IOException {
        NodeSample project = project("files")
                .write("shared.js", "exports.name = 'c';")
                .write("migrations/1-a.js", file("insertOne({ _id: 1 })", "deleteOne({ _id: 1 })"))
                .write("migrations/2-b.js", file("insertOne({ _id: 2 })", "deleteOne({ _id: 2 })"))
                .write("migrations/3-c.js", file("createIndex({ a: 1 })", "dropIndex({ a: 1 })"));
        List<String> before = listed(project.directory());
        MigrationSource source = bench.ofProject(project);
        client.getDatabase("files").createCollection("c");
        ladder(source, "files", "c", List.of("1-a.js", "2-b.js", "3-c.js"));
        assertThat(listed(project.directory())).isEqualTo(before);
    }

    /** Its own connection string leads nowhere, and what it requires lies beside it. */
    private static NodeSample project(String database) {
        return new NodeSample(database, """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1/', databaseName: 'nowhere', options: { serverSelectionTimeoutMS: 3000 } },
                  migrationsDir: 'migrations', changelogCollectionName: 'changelog', migrationFileExtension: '.js',
                  lockCollectionName: 'changelog_lock', lockTtl: 60, useFileHash: false, moduleSystem: 'commonjs',
                };
                """);
    }

    private static String file(String up, String down) {
        return """
                const { name } = require('../shared');
                exports.up = async db => { await db.collection(name).%s; };
                exports.down = async db => { await db.collection(name).%s; };
                """.formatted(up, down);
    }

    private static List<String> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void onlyTheFileThatIsAskedForIsTakenBackThoughLaterOnesAreApplied() {
        NodeSample project = project("between")
                .write("shared.js", "exports.name = 'c';")
                .write("migrations/1-a.js", file("insertOne({ _id: 1 })", "deleteOne({ _id: 1 })"))
                .write("migrations/2-b.js", file("insertOne({ _id: 2 })", "deleteOne({ _id: 2 })"));
        MigrationSource source = bench.ofProject(project);
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "1-a.js"), target("between")));
        ok(runner.apply(change(source, "2-b.js"), target("between")));
        ok(runner.revert(change(source, "1-a.js"), target("between")));
        assertThat(states(source, "between")).isEqualTo("1-a.js OUT_OF_ORDER, 2-b.js APPLIED");
        assertThat(client.getDatabase("between").getCollection("c").find().into(new ArrayList<>()))
                .extracting(row -> row.get("_id"))
                .containsExactly(2);
        assertThat(runner.bookkeeping().collections()).containsExactlyInAnyOrder("changelog", "changelog_lock");
    }

    /** An ES module with a top-level await, and a configuration that was given instead of the project's. */
    @Test
    void everyKindOfConfigurationIsTakenOver() {
        NodeSample modules = new NodeSample(
                        "modules",
                        "await null; export default { mongodb: { url: 'mongodb://127.0.0.1:1/' },"
                                + " changelogCollectionName: 'log', migrationFileExtension: '.js' };")
                .write("package.json", "{\"type\": \"module\"}")
                .write(
                        "migrations/1-a.js",
                        "export const up = async db => { await db.collection('c').insertOne({}); };");
        MigrationSource source = bench.ofProject(modules);
        ok(runner(source).apply(change(source, "1-a.js"), target("modules")));
        assertThat(states(source, "modules")).isEqualTo("1-a.js APPLIED");

        NodeSample unread = new NodeSample("unread", "throw new Error('not to be run');")
                .write("migrations/1-a.js", MigrationBench.UP);
        var given = new ProjectConfig(
                "migrations", ".js", "rows", Optional.of("rows_lock"), OptionalLong.of(5), true, Optional.empty());
        var project = new MigrateMongoProject(
                new NodeOptions(unread.directory(), NodeSample.requireNode(), ENOUGH, Optional.of(given)));
        ok(runner(project).apply(change(project, "1-a.js"), target("unread")));
        assertThat(states(project, "unread")).isEqualTo("1-a.js APPLIED");
        assertThat(rows(project, "unread", "1-a.js").getFirst()).containsKey("fileHash");
    }

    @Test
    void aFileThatFailsIsToldWithoutThePassword() {
        NodeSample project = project("leaks").write("migrations/1-a.js", """
                exports.up = async (db, client) => {
                  throw new Error('cannot use ' + process.env.FIREDRILL_RUN_URI + ' of %s');
                };
                """.formatted(PASSWORD));
        MigrationSource source = bench.ofProject(project);
        RunEnd end = ended(runner(source).apply(change(source, "1-a.js"), target("leaks")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords())
                .contains("Could not migrate up 1-a.js: cannot use mongodb://***@127.0.0.1:", " of ***");
        assertThat(states(source, "leaks")).isEqualTo("1-a.js PENDING");
    }
}
