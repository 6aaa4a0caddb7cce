package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A drill in a mongod of its own that is killed or stopped in the midst of loading: the mongod must not outlive it. */
class KilledEphemeralDrillIT {
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
    void backUp() {
        folder = directory.resolve("room");
        desk = new Desk(directory.resolve("desk"), source, source)
                .with("FIREDRILL_STAGING_URI", "ephemeral:")
                .with("FIREDRILL_STAGING_DIR", folder.toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        desk.run("backup").ended(0);
    }

    @Test
    void killedItTakesItsMongodAndTheDataAlongAndTheNextOneBeginsAfresh() {
        ProcessHandle mongod;
        try (Running running = desk.start("drill")) {
            mongod = loading(running);
            running.kill();
        }
        await("mongod has ended", () -> !mongod.isAlive());
        await("its files are gone", () -> left().isEmpty());

        JsonNode next = desk.json("drill");
        assertThat(next.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(next.path("resumed").asBoolean()).isFalse();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(records()).anyMatch(record -> record.contains("the process ended without a word"));
        assertThat(left()).isEmpty();
    }

    @Test
    void ifAllAroundItIsKilledTooTheNextOneSweeps() {
        ProcessHandle mongod;
        try (Running running = desk.start("drill")) {
            mongod = loading(running);
            assertThat(mongod.parent().orElseThrow().destroyForcibly()).isTrue();
            running.kill();
        }
        assertThat(mongod.isAlive()).as("a mongod that nobody watches").isTrue();
        assertThat(left()).hasSize(1);

        desk.json("drill");
        await("mongod has ended", () -> !mongod.isAlive());
        assertThat(left()).isEmpty();
        assertThat(records().getLast()).contains("leftovers-removed");
    }

    @Test
    void stoppedItDestroysItsMongodAndSaysSo() {
        try (Running running = desk.start("drill")) {
            ProcessHandle mongod = loading(running);
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
            assertThat(mongod.isAlive()).isFalse();
            assertThat(running.err()).contains("the next drill begins afresh");
        }
        assertThat(left()).isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(desk.lastRecord().toString()).contains("ABORTED", "refuses connections");
    }

    /** The mongod of a drill that has begun to load. */
    private ProcessHandle loading(Running running) {
        running.awaits("it loads", () -> running.phasesEnded().contains("prepare"));
        assertThat(left()).hasSize(1);
        return ProcessHandle.of(Long.parseLong(
                        text(left().getFirst().resolve("mongod.pid")).strip()))
                .orElseThrow();
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
