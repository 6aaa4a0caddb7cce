package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A drill in a mongod of its own that is killed or stopped in the midst of loading: the mongod must not outlive it. */
class KilledEphemeralDrillIT {
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
    void backUp() {
        room = new EphemeralRoom(directory.resolve("room"));
        desk = new Desk(directory.resolve("desk"), source, source)
                .with("FIREDRILL_STAGING_URI", "ephemeral:")
                .with("FIREDRILL_STAGING_DIR", room.folder().toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        desk.run("backup").ended(0);
    }

    @Test
    void killedItTakesItsMongodAndTheDataAlongAndTheNextOneBeginsAfresh() {
        ProcessHandle mongod;
        try (Running running = desk.start("drill")) {
            mongod = room.mongodAfter("prepare", running);
            running.kill();
        }
        EphemeralRoom.await("mongod has ended", () -> !mongod.isAlive());
        EphemeralRoom.await("its files are gone", () -> room.left().isEmpty());

        JsonNode next = desk.json("drill");
        assertThat(next.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(next.path("resumed").asBoolean()).isFalse();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(records()).anyMatch(record -> record.contains("the process ended without a word"));
        assertThat(room.left()).isEmpty();
    }

    @Test
    void ifAllAroundItIsKilledTooTheNextOneSweeps() {
        ProcessHandle mongod;
        try (Running running = desk.start("drill")) {
            mongod = room.mongodAfter("prepare", running);
            // So that it does not see who watches die, and clean up itself.
            running.signal("STOP");
            assertThat(mongod.parent().orElseThrow().destroyForcibly()).isTrue();
            running.kill();
        }
        assertThat(mongod.isAlive()).as("a mongod that nobody watches").isTrue();
        assertThat(room.left()).hasSize(1);

        desk.json("drill");
        EphemeralRoom.await("mongod has ended", () -> !mongod.isAlive());
        assertThat(room.left()).isEmpty();
        assertThat(records().getLast()).contains("leftovers-removed");
    }

    @Test
    void stoppedItDestroysItsMongodAndSaysSo() {
        try (Running running = desk.start("drill")) {
            ProcessHandle mongod = room.mongodAfter("prepare", running);
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
            assertThat(mongod.isAlive()).isFalse();
            assertThat(running.err()).contains("the next drill begins afresh");
        }
        assertThat(room.left()).isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(desk.lastRecord().toString()).contains("ABORTED", "refuses connections");
    }

    private List<String> records() {
        return desk.records().stream().map(file -> Desk.record(file).toString()).toList();
    }
}
