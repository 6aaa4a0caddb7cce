package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Backups and restores over three worker processes, with a real Artemis broker and a real PostgreSQL: a worker and the manager
 * are killed in the midst of units, and the result is what one process would have made.
 */
class WorkersIT extends WorkersRoom {
    private static final int COLLECTIONS = 6;
    private static final int DOCUMENTS = 13_000;

    private static String hash = "";

    /** Collections of some thirty megabytes, each of which is a unit. */
    @BeforeAll
    static void fill() {
        for (int collection = 0; collection < COLLECTIONS; collection++) {
            fill("orders-" + collection, DOCUMENTS);
        }
        hash = source.dbHash("shop");
    }

    /** A unit takes its time, so that a kill comes in the midst of one. */
    private Desk slow(String name) {
        return desk(name).with("FIREDRILL_READ_LIMIT", "25MB/s");
    }

    /** What everybody on a machine may see of a process. */
    private static String arguments(Running process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Test
    void aBackupAndARestoreOfWhichAWorkerIsKilledEndEqual() {
        Desk desk = slow("killed-worker");
        crew(desk, 3);
        try (Running backup = desk.start("backup", "--output", "json")) {
            Running victim = workers.getFirst();
            victim.awaits("a unit in hand", () -> victim.err().contains("works for run"));
            assertThat(arguments(victim) + arguments(backup)).doesNotContain(broker.password());
            assertThat(victim.kill()).isEqualTo(128 + 9);
            assertThat(backup.exitCode()).as(backup.err()).isZero();
            assertThat(backup.err()
                            + backup.out()
                            + victim.err()
                            + workers.get(1).err())
                    .doesNotContain(broker.password());
        }
        JsonNode notes = desk.lastRecord().path("notes");
        assertThat(units(notes, "dump").values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("each unit counts once: %s", notes)
                .isEqualTo(parts(desk).size());
        assertThat(units(notes, "dump")).as("the two that were left").hasSizeBetween(2, 3);

        worker(desk);
        aRestoreOfWhichAWorkerIsKilledDoesNothingTwice(desk, workers.get(1));
        JsonNode left = told(workers.get(2));
        assertThat(left.path("units").asInt()).isPositive();
        assertThat(left.path("failed").asInt()).isZero();
    }

    private void aRestoreOfWhichAWorkerIsKilledDoesNothingTwice(Desk desk, Running victim) {
        var once = new DoneOnce(staging);
        try (Running restore = desk.start("restore", "--confirm", "practice", "--output", "json")) {
            victim.awaits(
                    "a unit in hand, and some are loaded",
                    () -> victim.err().contains("restore of") && DoneOnce.loads(staging, "shop"));
            assertThat(victim.kill()).isEqualTo(128 + 9);
            assertThat(restore.exitCode()).as(restore.err()).isZero();
            assertThat(JsonMapper.shared()
                            .readTree(restore.out())
                            .path("outcome")
                            .asString())
                    .isEqualTo("PASSED");
        }
        assertThat(staging.dbHash("shop")).isEqualTo(hash);
        once.everyDocumentIsWrittenOnce("shop", COLLECTIONS * DOCUMENTS);
        assertThat(once.askedSince())
                .as("nothing but what the victim had in hand is sent again")
                .isLessThanOrEqualTo((COLLECTIONS + 1) * DOCUMENTS);
        JsonNode record = desk.lastRecord();
        Map<String, Integer> committed =
                DoneOnce.unitsCommittedOnce(record.path("run").path("runId").asString());
        assertThat(committed).containsKeys("check", "load", "verify").containsEntry("load", COLLECTIONS);
        committed.forEach((step, units) -> {
            if (!step.equals("index")) {
                assertThat(units(record.path("notes"), step).values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                        .as("units of %s, by the record", step)
                        .isEqualTo(units);
            }
        });
    }

    @Test
    void aBackupWhoseManagerIsKilledGoesOnAndDoesNothingTwice() {
        Desk desk = slow("killed-manager");
        crew(desk, 3);
        try (Running manager = desk.start("backup")) {
            manager.awaits("some units are done", () -> parts(desk).size() >= 2);
            assertThat(manager.kill()).isEqualTo(128 + 9);
        }
        Map<String, Object> before = parts(desk);
        JsonNode backup = JsonMapper.shared()
                .readTree(ended(desk, 0, "backup", "--output", "json").out());
        assertThat(backup.path("resumed").asBoolean()).isTrue();
        assertThat(backup.path("state").asString()).isEqualTo("sealed");
        assertThat(parts(desk)).as("what was stored stays as it is").containsAllEntriesOf(before);

        var once = new DoneOnce(staging);
        try (Running manager = desk.start(RESTORE)) {
            manager.awaits("most units are loaded", () -> DoneOnce.loaded(staging) >= 4);
            assertThat(manager.kill()).isEqualTo(128 + 9);
        }
        ended(desk, 0, RESTORE);
        assertThat(staging.dbHash("shop")).isEqualTo(hash);
        once.everyDocumentIsWrittenOnce("shop", COLLECTIONS * DOCUMENTS);
        assertThat(once.askedSince())
                .as("nothing but the two units that were not loaded yet is sent again")
                .isLessThanOrEqualTo((COLLECTIONS + 2) * DOCUMENTS);
    }

    @Test
    void aJobRepositoryOrABrokerThatIsNotThereIsNamed() {
        Desk wrong = desk("no-password").with("FIREDRILL_JOB_REPOSITORY_PASSWORD_FILE", file("broker-password"));
        assertThat(wrong.run("backup").ended(ExitCode.ACCESS_DENIED.code()).err())
                .contains("refuses us as user 'firedrill'")
                .doesNotContain(broker.password());
        Desk denied = desk("no-user").with("FIREDRILL_BROKER_PASSWORD_FILE", file("job-repository-password"));
        assertThat(denied.run("worker").ended(ExitCode.ACCESS_DENIED.code()).err())
                .contains("the broker tcp://localhost:", "refuses us as user 'firedrill'")
                .doesNotContain(variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
        Desk silent = desk("no-repository").with("FIREDRILL_JOB_REPOSITORY_URL", "jdbc:postgresql://127.0.0.1:1/jobs");
        assertThat(silent.run("worker").ended(ExitCode.UNAVAILABLE.code()).err())
                .contains("does not answer");
        Desk nameless = desk("no-database")
                .with(
                        "FIREDRILL_JOB_REPOSITORY_URL",
                        variable("FIREDRILL_TEST_POSTGRES_URL").replaceFirst("/[^/]*$", "/nowhere"));
        assertThat(nameless.run("backup").ended(ExitCode.USAGE.code()).err()).contains("no database of that server");
        Desk brokerless = desk("no-broker").with("FIREDRILL_BROKER_URL", "tcp://127.0.0.1:1");
        assertThat(brokerless.run("backup").ended(ExitCode.UNAVAILABLE.code()).err())
                .contains("the broker tcp://127.0.0.1:");
    }

    @Test
    void aWorkerThatWouldNotDoTheSameIsRefusedAndOneOfAnotherStagingIsNotAsked() throws IOException {
        Desk desk = desk("others");
        Running stranger = worker(desk("others").with("FIREDRILL_STAGING_URI", source.uri()));
        worker(desk);
        ended(desk, 0, "backup");
        ended(desk, 0, RESTORE);
        assertThat(staging.dbHash("shop")).isEqualTo(hash);
        assertThat(stranger.err()).doesNotContain("restore of");
        dismiss();

        Running different = worker(desk("others").with("FIREDRILL_EXCLUDE", "shop.orders-1"));
        Running refused = ended(desk, ExitCode.USAGE.code(), "backup");
        assertThat(refused.err()).contains("exclude: the run has [], and this worker [shop.orders-1]");
        assertThat(told(different).path("failed").asInt()).isPositive();
    }

    /** With the store key alone it would write documents in the clear. */
    @Test
    void aWorkerWithoutTheRecipientsOfAnEncryptedBackupWritesNothing() {
        Desk plain = desk("keys");
        plain.run("keys", "create", "--out", directory.resolve("secret").toString())
                .ended(0);
        String key = directory.resolve("secret/store.key").toString();
        Desk keyed = plain.with("FIREDRILL_STORE_KEY", key);
        worker(keyed);
        Desk encrypting = desk("keys")
                .with("FIREDRILL_STORE_KEY", key)
                .with(
                        "FIREDRILL_RECIPIENTS",
                        directory.resolve("secret/public.pem").toString());
        Running refused = ended(encrypting, ExitCode.USAGE.code(), "backup");
        assertThat(refused.err()).contains("recipients: the run has [", ", and this worker []");
        assertThat(parts(encrypting)).isEmpty();
        dismiss();
        worker(encrypting);
        ended(encrypting, 0, "backup");
        assertThat(parts(encrypting)).isNotEmpty();
    }
}
