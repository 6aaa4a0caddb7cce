package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A source that migrations are released to, and a desk from which that is asked for. */
abstract class ReleaseRuns {
    static MongodServer source;
    static MongoClient client;

    @TempDir
    Path directory;

    Desk desk;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders").atRest();
        client = source.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        source.close();
    }

    @BeforeEach
    void aDesk() {
        desk = deskOf(source, "desk");
    }

    private Desk deskOf(MongodServer server, String name) {
        return new Desk(directory.resolve(name), server, server)
                .with("FIREDRILL_STAGING_DIR", directory.resolve("room").toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
    }

    static MongoDatabase filled(String name) {
        MongoDatabase database = client.getDatabase(name);
        database.getCollection("orders")
                .insertMany(IntStream.range(0, 50)
                        .mapToObj(i -> new Document("_id", i).append("n", i % 7))
                        .toList());
        return database;
    }

    /**
     * Three changes; the second kills whoever started it and itself half way, up and down, or waits there until it is told to go
     * on, or has the server work for some minutes, where the database asks for it.
     */
    static NodeSample project(String database) {
        return new NodeSample(database, """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1', databaseName: '%s' }, migrationsDir: 'migrations',
                  changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: 3600,
                  migrationFileExtension: '.js', useFileHash: false, moduleSystem: 'commonjs',
                };
                """.formatted(database))
                .write("migrations/1-mark.js", """
                exports.up = async (db) => { await db.collection('orders').updateMany({}, { $set: { v: 1 } }); };
                exports.down = async (db) => { await db.collection('orders').updateMany({}, { $unset: { v: '' } }); };
                """)
                .write("migrations/2-half.js", """
                exports.up = async (db) => {
                  await db.collection('orders').updateMany({ n: { $lt: 3 } }, { $set: { w: 1 } });
                  const asked = await db.collection('asked').deleteMany({ _id: 'kill' });
                  if (asked.deletedCount === 1) {
                    await db.collection('changelog_lock').deleteMany({});
                    process.kill(process.ppid, 'SIGKILL');
                    process.kill(process.pid, 'SIGKILL');
                  }
                  if (await db.collection('asked').findOne({ _id: 'wait' })) {
                    await db.collection('asked').insertOne({ _id: 'pid', pid: process.pid });
                    while (await db.collection('asked').findOne({ _id: 'wait' })) await new Promise(r => setTimeout(r, 20));
                  }
                  if (await db.collection('asked').findOne({ _id: 'slow' })) {
                    await db.collection('asked').insertOne({ _id: 'pid', pid: process.pid });
                    await db.collection('orders').updateMany({ $where: 'sleep(5000) || true' }, { $set: { slow: 1 } });
                  }
                  if (await db.collection('asked').findOne({ _id: 'fail' })) throw new Error('told to fail');
                  await db.collection('orders').updateMany({ n: { $gte: 3 } }, { $set: { w: 1 } });
                };
                exports.down = async (db) => {
                  await db.collection('orders').updateMany({ n: { $lt: 3 } }, { $unset: { w: '' } });
                  const asked = await db.collection('asked').deleteMany({ _id: 'kill' });
                  if (asked.deletedCount === 1) {
                    await db.collection('changelog_lock').deleteMany({});
                    process.kill(process.ppid, 'SIGKILL');
                    process.kill(process.pid, 'SIGKILL');
                  }
                  await db.collection('orders').updateMany({}, { $unset: { w: '' } });
                };
                """)
                .write("migrations/3-index.js", """
                exports.up = async (db) => { await db.collection('orders').createIndex({ w: 1 }); };
                exports.down = async (db) => { await db.collection('orders').dropIndex('w_1'); };
                """);
    }

    JsonNode rehearsed(NodeSample project) {
        desk.run("backup").ended(0);
        JsonNode made = desk.json(
                "migrations", "rehearse", "--project", project.directory().toString(), "--quick");
        assertThat(made.path("outcome").asString()).isEqualTo("passed");
        return made;
    }

    /** The process that said that it is at work. */
    static ProcessHandle tool(MongoDatabase shop) {
        Document said =
                shop.getCollection("asked").find(Filters.eq("_id", "pid")).first();
        return ProcessHandle.of(Objects.requireNonNull(said).getInteger("pid")).orElseThrow();
    }

    static boolean isAtWork(MongoDatabase shop) {
        return shop.getCollection("asked").find(Filters.eq("_id", "pid")).first() != null;
    }

    static String[] arguments(String verb, NodeSample project, String... more) {
        var all = new ArrayList<>(
                List.of("migrations", verb, "--project", project.directory().toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    static String hash(MongoDatabase database) {
        return database.runCommand(new Document("dbHash", 1).append("collections", List.of("orders")))
                .getString("md5");
    }

    static BsonTimestamp now() {
        Document last = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find()
                .sort(Sorts.descending("$natural"))
                .first();
        return Objects.requireNonNull(last).get("ts", BsonTimestamp.class);
    }

    /** What was written since, notes of ours included; the server's own heartbeat and sessions are no writes. */
    static List<Document> written(BsonTimestamp since) {
        return client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.and(
                        Filters.gt("ts", since),
                        Filters.ne("o.msg", "periodic noop"),
                        Filters.not(Filters.regex("ns", "^config\\."))))
                .into(new ArrayList<>());
    }

    static void refused(Desk from, String words, String... arguments) {
        BsonTimestamp before = now();
        Desk.Answer answer = from.run(arguments);
        answer.ended(30);
        assertThat(answer.err()).contains(words);
        assertThat(written(before)).as("what '%s' wrote", words).isEmpty();
    }
}
