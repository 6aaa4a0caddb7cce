package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A compaction that is killed or stopped in the midst: no backup comes of it, no mongod outlives it, the next one ends well. */
class KilledCompactIT {
    private static final long PATIENCE_SECONDS = 60;

    private static MongodServer source;

    @TempDir
    Path directory;

    private Desk desk;
    private Path folder;

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
        folder = directory.resolve("room");
        desk = new Desk(directory.resolve("desk"), source, source)
                .with("FIREDRILL_STAGING_DIR", folder.toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        desk.run("oplog", "archive", "--once").ended(0);
        desk.run("backup").ended(0);
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("orders-0")
                    .updateMany(new Document("customer", 7), new Document("$inc", new Document("changed", 1)));
        }
        desk.run("oplog", "archive", "--once").ended(0);
    }

    @Test
    void killedWhileItDumpsItLeavesNoBackupAndTheNextOneEndsWell() {
        ProcessHandle mongod;
        try (Running running = desk.start("oplog", "compact")) {
            mongod = mongodOf(running, "plan");
            running.kill();
        }
        await("mongod has ended", () -> !mongod.isAlive());
        await("its files are gone", () -> left().isEmpty());
        assertThat(states()).containsExactly("unfinished", "sealed");

        JsonNode made = desk.json("oplog", "compact");
        assertThat(made.path("state").asString()).isEqualTo("sealed");
        assertThat(made.at("/made/segmentsReused").asLong()).isPositive();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(records()).anyMatch(record -> record.contains("the process ended without a word"));
        assertThat(left()).isEmpty();
        desk.with("FIREDRILL_STAGING_URI", "ephemeral:")
                .json("drill", "--backup", made.path("backupId").asString());
    }

    @Test
    void meanwhileNobodyElseWritesBackupsAndStoppedItDestroysItsMongod() {
        try (Running running = desk.start("oplog", "compact")) {
            ProcessHandle mongod = mongodOf(running, "prepare");
            assertThat(desk.run("backup").ended(20).err()).contains("COMPACT");
            assertThat(desk.run("prune", "--keep-last", "1").ended(20).err()).contains("backup-orders");
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
            assertThat(mongod.isAlive()).isFalse();
            assertThat(running.err()).contains("the next compaction begins afresh");
        }
        assertThat(left()).isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(desk.lastRecord().toString()).contains("ABORTED", "refuses connections");
        assertThat(states()).containsOnlyOnce("sealed");
    }

    private ProcessHandle mongodOf(Running running, String phase) {
        running.awaits("it has ended " + phase, () -> running.phasesEnded().contains(phase));
        assertThat(left()).hasSize(1);
        return ProcessHandle.of(Long.parseLong(
                        text(left().getFirst().resolve("mongod.pid")).strip()))
                .orElseThrow();
    }

    private List<String> states() {
        return desk.json("backups").path("backups").findValuesAsString("state");
    }

    private List<Path> left() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private List<String> records() {
        return desk.records().stream().map(file -> Desk.record(file).toString()).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds too long until %s", what)
                    .isNegative();
            Thread.onSpinWait();
        }
    }
}
