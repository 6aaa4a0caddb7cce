package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.runner.Desk.Answer;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Runs that are stopped, met by another, frozen, or left without their record; what the next run makes of it. */
class StoppedRunIT {
    private static final String READ_LIMIT = "FIREDRILL_READ_LIMIT";
    private static final String[] BACKUP = {"backup"};
    private static final String[] RESTORE = {"restore", "--confirm", "practice"};
    private static final String[] CLEAN = {"staging", "clean", "--confirm", "practice"};

    private static MongodServer source;
    private static MongodServer staging;
    private static Map<String, String> hashes = Map.of();

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice", "--setParameter", "enableTestCommands=1");
        LargeShop.fill(source);
        hashes = LargeShop.hashes(source);
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void sitDown() {
        // Nobody loses a lease by being frozen for a while, but for who is given a shorter one.
        desk = new Desk(directory.resolve("desk"), source, staging).with("FIREDRILL_LEASE", "10m");
    }

    @AfterEach
    void leaveStagingEmpty() {
        try (MongoClient client = staging.client()) {
            for (String database : client.listDatabaseNames()) {
                if (!List.of("admin", "config", "local").contains(database)) {
                    client.getDatabase(database).drop();
                }
            }
        }
    }

    @Test
    void aBackupStopsOnSigtermAndTheNextOneGoesOn() {
        stopped("dump", dumping());
        List<Path> begun = backups();
        assertThat(begun).hasSize(1);

        JsonNode next = desk.json(BACKUP);
        assertThat(next.path("resumed").asBoolean()).isTrue();
        assertThat(backups()).isEqualTo(begun);
        desk.run(RESTORE).ended(0);
        assertThat(LargeShop.hashes(staging)).isEqualTo(hashes);
    }

    @Test
    void aRestoreStopsOnSigtermAndTheNextOneGoesOn() {
        desk.run(BACKUP).ended(0);
        try (var _ = new SlowInserts(staging)) {
            stopped("load", loading());
        }

        JsonNode next = desk.json(RESTORE);
        assertThat(next.path("resumed").asBoolean()).isTrue();
        assertThat(next.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(LargeShop.hashes(staging)).isEqualTo(hashes);
    }

    /** A backup in the midst of its dump, so slow that it stays there for some seconds. */
    private Running dumping() {
        Running running = desk.with(READ_LIMIT, "8MB/s").start(BACKUP);
        desk.with(READ_LIMIT, "");
        return running.metAt(
                "dump", () -> !desk.files("sources/orders/segments").isEmpty());
    }

    /** A restore in the midst of its load: of the unit that is looked at, the last insert has yet to be begun. */
    private Running loading() {
        return desk.start(RESTORE).metAt("load", StoppedRunIT::isLoading);
    }

    /** Ends a command with SIGTERM in a phase, and looks at how it left. */
    private void stopped(String phase, Running midst) {
        try (Running running = midst) {
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
            assertThat(running.err())
                    .contains("stopped on request", "exit code 143 (SIGTERM)")
                    .doesNotContain(phase + ": ");
        }
        assertThat(desk.isLocked()).isFalse();
        assertThat(desk.openRuns()).isEmpty();
        JsonNode record = desk.lastRecord();
        assertThat(record.toString()).contains("\"ABORTED\"", "\"exitCode\":143");
    }

    @Test
    void aSecondBackupEndsAndNamesTheFirst() {
        try (Running first = dumping()) {
            requireRefusedWhileFrozen(first, BACKUP);
            assertThat(first.exitCode()).as(first.err()).isZero();
        }
        assertThat(backups()).hasSize(1);
        desk.run("verify").ended(0);
    }

    @Test
    void aSecondRestoreIntoOneStagingSetEndsAndNamesTheFirst() {
        desk.run(BACKUP).ended(0);
        try (var _ = new SlowInserts(staging);
                Running first = loading()) {
            requireRefusedWhileFrozen(first, RESTORE);
            assertThat(first.exitCode()).as(first.err()).isZero();
        }
        assertThat(LargeShop.hashes(staging)).isEqualTo(hashes);
    }

    @Test
    void stagingIsNotCleanedUnderARestore() {
        desk.run(BACKUP).ended(0);
        try (var _ = new SlowInserts(staging);
                Running first = loading()) {
            requireRefusedWhileFrozen(first, CLEAN);
            assertThat(first.exitCode()).as(first.err()).isZero();
        }
        assertThat(LargeShop.hashes(staging)).isEqualTo(hashes);
    }

    /** The first is frozen meanwhile, so that it cannot be over before the second has looked. */
    private void requireRefusedWhileFrozen(Running first, String... second) {
        String holder = desk.openRuns().getFirst();
        first.signal("STOP");
        Answer refused = desk.run(second);
        first.signal("CONT");
        refused.ended(20);
        assertThat(refused.err()).contains("is held by run " + holder);
        assertThat(desk.lastRecord().toString()).contains("\"exitCode\":20");
    }

    @Test
    void aBackupFrozenPastItsLeaseWritesNoMoreWhenItThaws() {
        desk.with("FIREDRILL_LEASE", "10s");
        try (Running frozen = dumping()) {
            frozen.signal("STOP");
            // The frozen process still has the job repository of this machine open; another machine has its own.
            frozen.awaits(
                    "the job repository is in the way",
                    () -> desk.run(BACKUP).err().contains("is open in another process"));
            withAnotherRepository();
            frozen.awaits("the lease is over", () -> desk.run(BACKUP).code() == 0);
            List<Path> sealed = desk.files("sources");
            frozen.signal("CONT");
            assertThat(frozen.exitCode()).as(frozen.err()).isEqualTo(21);
            assertThat(frozen.err()).contains("is lost");
            assertThat(desk.files("sources")).isEqualTo(sealed);
        }
        desk.run("verify").ended(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestoreThatCouldNotStoreItsRecordGoesOnToIt(boolean withJobRepository) throws IOException {
        desk.run(BACKUP).ended(0);
        withoutRecord(withJobRepository, RESTORE);

        JsonNode next = desk.json(RESTORE);
        assertThat(next.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(next.path("resumed").asBoolean()).isTrue();
        assertThat(next.path("digestsEqual").asInt()).isPositive();
        assertThat(desk.lastRecord().toString()).contains("PROVEN");
        assertThat(desk.openRuns()).isEmpty();
        assertThat(LargeShop.hashes(staging)).isEqualTo(hashes);
    }

    @Test
    void aDrillThatDiedWhileItCleanedUpGoesOnCleaning() throws IOException {
        desk.run(BACKUP).ended(0);
        withoutRecord(false, "drill", "--keep", "--confirm", "practice");
        try (MongoClient client = staging.client()) {
            client.getDatabase("__firedrill")
                    .getCollection("marker")
                    .updateOne(Filters.eq("_id", "marker"), Updates.set("state", "CLEANING"));
            client.getDatabase("shop").getCollection("orders-0").drop();
        }

        JsonNode next = desk.json("drill", "--confirm", "practice");
        assertThat(next.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(next.path("resumed").asBoolean()).isTrue();
        try (MongoClient client = staging.client()) {
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    /** Does a command whose record the store does not take, as if its process had died before that. */
    private void withoutRecord(boolean keepJobRepository, String... command) throws IOException {
        Path evidence = desk.store().resolve("evidence");
        Path aside = desk.store().resolveSibling("evidence");
        Files.move(evidence, aside);
        Files.createFile(evidence);
        desk.run(command).ended(50);
        Files.delete(evidence);
        Files.move(aside, evidence);
        if (!keepJobRepository) {
            withAnotherRepository();
        }
    }

    /** Another machine has another job repository; who signs the ledger is the same. */
    private void withAnotherRepository() {
        try {
            Path another = Files.createDirectories(directory.resolve("another"));
            Files.copy(
                    desk.evidenceKey(), another.resolve(EvidenceKeys.PRIVATE_KEY), StandardCopyOption.COPY_ATTRIBUTES);
            desk.with("FIREDRILL_STATE_DIR", another.toString());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private List<Path> backups() {
        return desk.files("sources/orders/backups").stream()
                .map(desk.store().resolve("sources/orders/backups")::relativize)
                .map(file -> file.getName(0))
                .distinct()
                .toList();
    }

    private static boolean isLoading() {
        try (MongoClient client = staging.client()) {
            return client.getDatabase("archive")
                            .getCollection("orders-1")
                            .find()
                            .first()
                    != null;
        }
    }
}
