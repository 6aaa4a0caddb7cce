package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.BsonDateTime;
import org.bson.Document;

/** What databases with migrations are made with: a server, the real tools, and the code that they run. */
record MigrationBench(MongodServer server, MongockSample mongock, Path jar) {
    static final String UP = "exports.up = async (db) => { await db.collection('c').insertOne({ a: 1 }); };\n";
    static final String DOWN = "exports.down = async (db) => { await db.collection('c').deleteMany({}); };\n";

    private static final int LOOKS_MAX = 60;

    /**
     * @param directory an empty one
     */
    static MigrationBench of(MongodServer server, Path directory) {
        var mongock = new MongockSample(directory);
        return new MigrationBench(server, mongock, mongock.plainJar());
    }

    MigrationSource ofJar(String... packages) {
        return new MongockJar(
                jar,
                new MongockOptions(
                        MongockOptions.CHANGELOG,
                        MongockOptions.LOCK,
                        MongockOptions.DEFAULT_AUTHOR,
                        List.of(packages)));
    }

    void run(int code, MongoDatabase database, String... scanned) {
        assertThat(mongock.run(server, database.getName(), scanned))
                .as(() -> Arrays.toString(scanned) + ": " + mongock.log(database.getName()))
                .isEqualTo(code);
    }

    void failAt(MongoDatabase database, String what) {
        database.getCollection("switches").insertOne(new Document("_id", what));
    }

    void row(MongoDatabase database, String id, String author, String state, int second) {
        database.getCollection("mongockChangeLog")
                .insertOne(new Document("executionId", "e" + second)
                        .append("changeId", id)
                        .append("author", author)
                        .append("state", state)
                        .append("type", "EXECUTION")
                        .append("timestamp", new BsonDateTime(second * 1_000L)));
    }

    /** Starts it and kills it when the change is under way, by which time it holds the lock. */
    void killed(MongoDatabase database, Supplier<Process> start) {
        MongoCollection<Document> slow = database.getCollection("slow");
        try (var changes = slow.watch().maxAwaitTime(1, TimeUnit.SECONDS).cursor()) {
            Process process = start.get();
            int looks = 0;
            while (changes.tryNext() == null) {
                assertThat(++looks).as("looks for the first write").isLessThan(LOOKS_MAX);
                assertThat(process.isAlive()).isTrue();
            }
            process.destroyForcibly().onExit().join();
        }
    }

    NodeSample project(MongoDatabase database, boolean useFileHash, int lockTtl) {
        return new NodeSample(database.getName(), """
                        module.exports = {
                          mongodb: { url: '%s', databaseName: '%s' }, migrationsDir: 'migrations',
                          changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: %d,
                          migrationFileExtension: '.js', useFileHash: %b, moduleSystem: 'commonjs',
                        };
                        """.formatted(server.uri(), database.getName(), lockTtl, useFileHash))
                .write("migrations/1-a.js", UP + DOWN)
                .write("migrations/2-b.js", UP + DOWN);
    }

    MigrationSource ofProject(NodeSample project) {
        return new MigrateMongoProject(new NodeOptions(
                project.directory(), NodeSample.requireNode(), Duration.ofSeconds(30), Optional.empty()));
    }
}
