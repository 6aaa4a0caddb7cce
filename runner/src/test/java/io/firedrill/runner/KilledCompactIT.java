package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A compaction that is killed or stopped in the midst: no backup comes of it, no mongod outlives it, the next one ends well. */
class KilledCompactIT {
    private static MongodServer source;

    @TempDir
    Path directory;

    private Desk desk;
    private EphemeralRoom room;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        LargeShop.fill(source);
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void aBackupAndWhatCameAfter() {
        room = new EphemeralRoom(directory.resolve("room"));
        desk = new Desk(directory.resolve("desk"), source, source)
                .with("FIREDRILL_STAGING_DIR", room.folder().toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        desk.run("oplog", "archive", "--once").ended(0);
        desk.run("backup").ended(0);
        try (MongoClient client = source.client()) {
            // Three units of four, which take it long enough to be met in their midst.
            for (String changed : List.of("shop.orders-0", "shop.orders-1", "archive.orders-0")) {
                var namespace = new MongoNamespace(changed);
                client.getDatabase(namespace.getDatabaseName())
                        .getCollection(namespace.getCollectionName())
                        .updateMany(new Document("customer", 7), new Document("$inc", new Document("changed", 1)));
            }
        }
        desk.run("oplog", "archive", "--once").ended(0);
    }

    @Test
    void killedWhileItDumpsItLeavesNoBackupAndTheNextOneEndsWell() {
        ProcessHandle mongod;
        try (Running running = desk.start("oplog", "compact")) {
            mongod = room.mongodAfter("plan", running);
            running.kill();
        }
        EphemeralRoom.await("mongod has ended", () -> !mongod.isAlive());
        EphemeralRoom.await("its files are gone", () -> room.left().isEmpty());
        assertThat(states()).containsExactly("unfinished", "sealed");

        JsonNode made = desk.json("oplog", "compact");
        assertThat(made.path("state").asString()).isEqualTo("sealed");
        assertThat(made.at("/made/segmentsReused").asLong()).isPositive();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(records()).anyMatch(record -> record.contains("the process ended without a word"));
        assertThat(room.left()).isEmpty();
        desk.with("FIREDRILL_STAGING_URI", "ephemeral:")
                .json("drill", "--backup", made.path("backupId").asString());
    }

    @Test
    void meanwhileNobodyElseWritesBackupsAndStoppedItDestroysItsMongod() {
        // It is frozen meanwhile, so that it cannot be over before the others have looked.
        desk.with("FIREDRILL_LEASE", "10m");
        try (Running running = desk.start("oplog", "compact")) {
            ProcessHandle mongod = room.mongodAfter("prepare", running);
            running.signal("STOP");
            assertThat(desk.run("backup").ended(20).err()).contains("COMPACT");
            assertThat(desk.run("prune", "--keep-last", "1").ended(20).err()).contains("backup-orders");
            running.signal("TERM");
            running.signal("CONT");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
            assertThat(mongod.isAlive()).isFalse();
            assertThat(running.err()).contains("the next compaction begins afresh");
        }
        assertThat(room.left()).isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(desk.lastRecord().toString()).contains("ABORTED", "refuses connections");
        assertThat(states()).containsOnlyOnce("sealed");
    }

    private List<String> states() {
        return desk.json("backups").path("backups").findValuesAsString("state");
    }

    private List<String> records() {
        return desk.records().stream().map(file -> Desk.record(file).toString()).toList();
    }
}
