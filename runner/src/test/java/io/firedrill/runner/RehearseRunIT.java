package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import io.firedrill.testing.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rehearsals as a person asks for them: on a backup, in a server of their own, with a receipt. */
class RehearseRunIT {
    private static MongodServer source;

    @TempDir
    Path directory;

    private Desk desk;
    private Path folder;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(0, 200)
                            .mapToObj(i -> new Document("_id", i).append("n", i % 7))
                            .toList());
        }
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void aBackup() {
        folder = directory.resolve("room");
        desk = new Desk(directory.resolve("desk"), source, source)
                .with("FIREDRILL_STAGING_DIR", folder.toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        desk.run("backup").ended(0);
    }

    private static NodeSample project() {
        return new NodeSample("orders", """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1', databaseName: 'shop' }, migrationsDir: 'migrations',
                  changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: 0,
                  migrationFileExtension: '.js', useFileHash: false, moduleSystem: 'commonjs',
                };
                """).write("migrations/1-mark.js", """
                exports.up = async (db) => { await db.collection('orders').updateMany({}, { $set: { v: 2 } }); };
                exports.down = async (db) => { await db.collection('orders').updateMany({}, { $unset: { v: '' } }); };
                """);
    }

    /** Two seconds of the source's oplog, and what it held then. */
    private void archive() {
        desk.run("oplog", "archive", "--once").ended(0);
        try (MongoClient client = source.client()) {
            var notes = client.getDatabase("notes").getCollection("notes");
            Instant begun = Instant.now();
            Patience.await("two seconds of oplog", Duration.ofSeconds(30), () -> {
                notes.insertOne(new Document("text", "x".repeat(1_000)));
                return Duration.between(begun, Instant.now()).toSeconds() >= 2;
            });
        }
        desk.run("oplog", "archive", "--once").ended(0);
    }

    @Test
    void aRehearsalLeavesAReceiptAndNothingElse() {
        archive();
        String before = source.dbHash("shop");
        String project = project().directory().toString();

        JsonNode planned = desk.json("migrations", "rehearse", "--project", project, "--quick", "--dry-run");
        assertThat(planned.path("outcome").asString()).isEqualTo("planned");
        assertThat(folder).as("nothing was started").doesNotExist();
        JsonNode made = desk.json("migrations", "rehearse", "--project", project, "--quick");

        assertThat(made.path("outcome").asString()).isEqualTo("passed");
        assertThat(made.at("/rehearsal/changes/0/id").asString()).isEqualTo("1-mark.js");
        assertThat(folder).isEmptyDirectory();
        assertThat(source.dbHash("shop")).as("the source").isEqualTo(before);
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/run/kind").asString()).isEqualTo("migrations-rehearse");
        assertThat(record.at("/result/outcome").asString()).isEqualTo("PASSED");
        assertThat(record.path("rehearsal")).isEqualTo(made.path("rehearsal"));
        assertThat(record.at("/rehearsal/changes/0/measures/documents").asLong())
                .isEqualTo(200);
        assertThat(record.at("/rehearsal/oplogRoom/bytes").asLong())
                .isGreaterThan(
                        record.at("/rehearsal/changes/0/measures/oplogBytes").asLong());
        assertThat(record.at("/backup/backupId").asString())
                .isEqualTo(made.path("backupId").asString());
        assertThat(record.at("/disposal/result").asString()).contains("refuses connections");
        assertThat(record.at("/verification/notTested").toString())
                .contains("CRASH_SAFE of 1 changes: a quick rehearsal leaves it out");
        desk.run("evidence", "verify").ended(0);
        Path report = Path.of(made.path("report").asString());
        Path papers = report.resolveSibling(report.getFileName().toString().replace(".html", ""));
        assertThat(Path.of(made.path("rollbackPlan").asString()))
                .isEqualTo(papers.resolve("ROLLBACK.md"))
                .content()
                .contains(
                        "the tool's rollback | EXACT",
                        "backup `" + made.path("backupId").asString(),
                        "--last")
                .contains("`" + made.path("record").asString() + "`");
        assertThat(Path.of(made.path("runbook").asString()))
                .isEqualTo(papers.resolve("RUNBOOK.md"))
                .content()
                .contains("**This project has no lock**");
    }

    /** Somebody's own tool: rows in a collection, no lock, and where it connects to in a variable. */
    private static NodeSample ownTool(String uri) {
        return new NodeSample("own", "").write("tool.js", """
                const { MongoClient } = require('mongodb');
                const changes = {
                  mark: {
                    up: (db) => db.collection('orders').updateMany({}, { $set: { v: 2 } }),
                    down: (db) => db.collection('orders').updateMany({}, { $unset: { v: '' } }),
                  },
                  count: { up: (db) => db.collection('orders').updateMany({}, { $inc: { n: 1 } }), down: async () => {} },
                };
                (async () => {
                  const client = await MongoClient.connect(%s);
                  const db = client.db('shop');
                  const [verb, id] = process.argv.slice(2);
                  if (verb === 'list') {
                    const done = (await db.collection('done').find().toArray()).map((row) => row.name);
                    const lines = Object.keys(changes).map((id) => ({ id, state: done.includes(id) ? 'applied' : 'pending' }));
                    console.log(JSON.stringify(lines));
                  } else if (verb === 'down' || (await db.collection('done').countDocuments({ name: id })) === 0) {
                    await changes[id][verb](db);
                    if (verb === 'up') await db.collection('done').insertOne({ name: id });
                    else await db.collection('done').deleteOne({ name: id });
                  }
                  await client.close();
                })();
                """.formatted(uri));
    }

    private String[] byCommands(NodeSample tool, String... more) {
        String node = NodeSample.requireNode();
        return Stream.concat(
                        Stream.of(
                                "migrations",
                                "rehearse",
                                "--command-list",
                                node + " tool.js list",
                                "--command-dir",
                                tool.directory().toString(),
                                "--command-apply",
                                node + " tool.js up {id}",
                                "--command-revert",
                                node + " tool.js down {id}",
                                "--command-rows",
                                "done:name",
                                "--uri-env",
                                "DB",
                                "--database",
                                "shop"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void changesOfAToolThatIsKnownByItsCommandsOnlyAreRehearsed() {
        String before = source.dbHash("shop");
        desk.run(byCommands(ownTool("process.env.DB"), "--lease", "1s")).ended(62);

        JsonNode changes = desk.lastRecord().at("/rehearsal/changes");
        assertThat(grades(changes.get(0)))
                .containsEntry("APPLIES", "PROVEN")
                .containsEntry("RECORDED_ONCE", "PROVEN")
                .containsEntry("ROLLBACK", "PROVEN")
                .containsEntry("REAPPLY", "PROVEN")
                .containsEntry("RERUN_SAFE", "PROVEN")
                .containsEntry("CRASH_SAFE", "PROVEN")
                .containsEntry("ACK_LOST_SAFE", "PROVEN")
                .containsEntry("SINGLE_EXECUTION", "NOT_TESTED");
        assertThat(grades(changes.get(1)))
                .containsEntry("APPLIES", "PROVEN")
                .containsEntry("ROLLBACK", "FAILED")
                .containsEntry("RERUN_SAFE", "FAILED")
                .containsEntry("CRASH_SAFE", "FAILED");
        assertThat(source.dbHash("shop")).as("the source").isEqualTo(before);
    }

    /** The field of the rows is mistyped: no row can be counted or taken away. */
    @Test
    void rowsThatAreNotWhereTheyAreSaidToBeProveNothing() {
        String[] mistyped = Stream.of(byCommands(ownTool("process.env.DB"), "--quick"))
                .map(each -> each.equals("done:name") ? "done:nam" : each)
                .toArray(String[]::new);
        desk.run(mistyped).ended(62);

        JsonNode change = desk.lastRecord().at("/rehearsal/changes/0");
        assertThat(grades(change))
                .containsEntry("APPLIES", "FAILED")
                .containsEntry("RECORDED_ONCE", "NOT_TESTED")
                .containsEntry("RERUN_SAFE", "NOT_TESTED");
        assertThat(change.at("/properties/0/detail").asString())
                .contains("recorded as APPLIED, and yet done has no row of it");
    }

    private static Map<String, String> grades(JsonNode change) {
        var grades = new TreeMap<String, String>();
        change.path("properties")
                .forEach(each -> grades.put(
                        each.path("property").asString(), each.path("grade").asString()));
        return grades;
    }

    @Test
    void aToolThatAsksAnotherDatabaseThanTheCopyIsNotRun() {
        String before = source.dbHash("shop");
        Desk.Answer answer =
                desk.run(byCommands(ownTool("'" + source.uri() + "'"))).ended(2);

        assertThat(answer.err()).contains("never came to the rehearsal's copy", "--uri-env");
        assertThat(source.dbHash("shop")).as("the source").isEqualTo(before);
    }

    @Test
    void oneCutAgainIsRecordedAndIsNoReceipt() {
        String project = project().directory().toString();
        JsonNode made =
                desk.json("migrations", "rehearse", "--project", project, "--cut", "1-mark.js:kill-after-data-1");

        assertThat(made.at("/rehearsal/artefactSha256").asString()).isEmpty();
        assertThat(made.path("rollbackPlan").asString()).isEmpty();
        assertThat(made.at("/rehearsal/changes/0/properties").toString())
                .contains("1/1: kill-after-data-1", "nothing but 1-mark.js:kill-after-data-1 was asked for");
        assertThat(desk.lastRecord().at("/run/parameters/cut").asString()).isEqualTo("1-mark.js:kill-after-data-1");
        var refused = desk.run("migrations", "rehearse", "--project", project, "--cut", "2-none.js:kill-after-data-1");
        refused.ended(2);
        assertThat(refused.err()).contains("--cut names '2-none.js'");
    }

    @Test
    void aLossyRollbackIsShownWithIdsAndPathsAndEndsWithACodeOfItsOwn() {
        NodeSample project = project().write("migrations/2-lossy.js", """
                exports.up = async (db) => { await db.collection('orders').updateMany({ n: 3 }, { $set: { n: 0 } }); };
                exports.down = async (db) => { await db.collection('orders').updateMany({ n: 0 }, { $set: { n: 3 } }); };
                """);

        var ended = desk.run(
                "migrations", "rehearse", "--project", project.directory().toString(), "--quick");

        ended.ended(62);
        assertThat(ended.out())
                .startsWith("FAILED  rehearsal of 2 pending changes")
                .contains("LOSSY", "shop.orders changed", ": n ");
        assertThat(ended.err()).contains("ROLLBACK of 2-lossy.js");
        assertThat(desk.lastRecord().at("/result/exitCode").asInt()).isEqualTo(62);
        assertThat(desk.lastRecord().at("/result/outcome").asString()).isEqualTo("FAILED");
    }
}
