package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Backups and restores over three worker processes, with a real Artemis broker and a real PostgreSQL: a worker and the manager
 * are killed in the midst of units, and the result is what one process would have made.
 */
class WorkersIT {
    private static final int COLLECTIONS = 4;
    private static final int DOCUMENTS = 28_000;
    private static final String[] RESTORE = {"restore", "--confirm", "practice"};

    @TempDir
    static Path shared;

    private static MongodServer source;
    private static MongodServer staging;
    private static ArtemisBroker broker;
    private static String hash = "";

    @TempDir
    Path directory;

    private final List<Running> workers = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        assumeThat(System.getenv("FIREDRILL_TEST_POSTGRES_URL"))
                .as("FIREDRILL_TEST_POSTGRES_URL: workers share a job repository")
                .isNotNull();
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        broker = new ArtemisBroker(shared, port());
        fill();
        hash = source.dbHash("shop");
    }

    private static int port() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** Four collections of some sixty megabytes: eight units. */
    private static void fill() {
        try (MongoClient client = source.client()) {
            for (int collection = 0; collection < COLLECTIONS; collection++) {
                String name = "orders-" + collection;
                for (int from = 0; from < DOCUMENTS; from += 4_000) {
                    client.getDatabase("shop")
                            .getCollection(name)
                            .insertMany(IntStream.range(from, from + 4_000)
                                    .mapToObj(i -> new Document("_id", i)
                                            .append("customer", i % 1_000)
                                            .append("remark", ("as ordered " + i + ", ").repeat(120)))
                                    .toList());
                }
                client.getDatabase("shop").getCollection(name).createIndex(new Document("customer", 1));
            }
        }
    }

    @AfterAll
    static void stop() {
        for (@Nullable AutoCloseable each : new AutoCloseable[] {broker, source, staging}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception thrown) {
                throw new IllegalStateException(thrown);
            }
        }
    }

    /** A unit takes its time, so that a kill comes in the midst of one. */
    private Desk slow(String name) {
        return desk(name).with("FIREDRILL_READ_LIMIT", "25MB/s");
    }

    private Desk desk(String name) {
        return new Desk(directory.resolve(name), source, staging)
                .with("FIREDRILL_BROKER_URL", broker.url())
                .with("FIREDRILL_JOB_REPOSITORY_URL", variable("FIREDRILL_TEST_POSTGRES_URL"))
                .with("FIREDRILL_JOB_REPOSITORY_USER", variable("FIREDRILL_TEST_POSTGRES_USER"))
                .with("FIREDRILL_JOB_REPOSITORY_PASSWORD", variable("FIREDRILL_TEST_POSTGRES_PASSWORD"))
                .with("FIREDRILL_LANES", "1");
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    private Running worker(Desk desk) {
        Running worker = desk.start("worker", "--output", "json");
        workers.add(worker);
        worker.awaits("it takes units", () -> worker.err().contains("takes units from"));
        return worker;
    }

    private void crew(Desk desk) {
        for (int i = 0; i < 3; i++) {
            worker(desk);
        }
    }

    @AfterEach
    void leaveNothing() {
        dismiss();
        desk("cleaning").run("staging", "clean", "--confirm", "practice");
    }

    private void dismiss() {
        for (Running worker : workers) {
            worker.close();
        }
        workers.clear();
    }

    /** How many units each living worker says it had in hand, once it is asked to stop. */
    private static JsonNode told(Running worker) {
        worker.signal("TERM");
        assertThat(worker.exitCode()).as(worker.err()).isZero();
        return JsonMapper.shared().readTree(worker.out());
    }

    /** The parts of a backup and when each was written: one that is written again is another file. */
    private static Map<String, Object> parts(Desk desk) {
        Map<String, Object> parts = new TreeMap<>();
        for (Path file : desk.files("sources")) {
            if (file.toString().contains("/part/")) {
                try {
                    parts.put(file.toString(), Files.readAttributes(file, "unix:ino,lastModifiedTime"));
                } catch (IOException thrown) {
                    throw new UncheckedIOException(thrown);
                }
            }
        }
        return parts;
    }

    @Test
    void aBackupAndARestoreOfWhichAWorkerIsKilledEndEqual() {
        Desk desk = slow("killed-worker");
        crew(desk);
        try (Running backup = desk.start("backup", "--output", "json")) {
            Running victim = workers.getFirst();
            victim.awaits("a unit in hand", () -> victim.err().contains("works for run"));
            assertThat(victim.kill()).isEqualTo(128 + 9);
            assertThat(backup.exitCode()).as(backup.err()).isZero();
        }
        JsonNode notes = desk.lastRecord().path("notes");
        assertThat(units(notes, "dump").values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("each unit counts once: %s", notes)
                .isEqualTo(parts(desk).size());
        assertThat(units(notes, "dump")).as("the two that were left").hasSizeBetween(2, 3);

        Running victim = workers.get(1);
        try (Running restore = desk.start("restore", "--confirm", "practice", "--output", "json")) {
            victim.awaits("a unit in hand", () -> victim.err().contains("restore of"));
            victim.kill();
            assertThat(restore.exitCode()).as(restore.err()).isZero();
            assertThat(JsonMapper.shared()
                            .readTree(restore.out())
                            .path("outcome")
                            .asString())
                    .isEqualTo("PASSED");
        }
        assertThat(staging.dbHash("shop")).isEqualTo(hash);
        JsonNode left = told(workers.get(2));
        assertThat(left.path("units").asInt()).isPositive();
        assertThat(left.path("failed").asInt()).isZero();
    }

    /** Runs a command in a process of its own, since workers ask whether it lives, and which version it is. */
    private static Running ended(Desk desk, int code, String... command) {
        Running running = desk.start(command);
        assertThat(running.exitCode()).as(running.err()).isEqualTo(code);
        return running;
    }

    private static Map<String, Integer> units(JsonNode notes, String step) {
        Map<String, Integer> units = new TreeMap<>();
        for (String words : notes.path("workers-" + step).asString().split(", ", -1)) {
            units.put(
                    words.substring(0, words.lastIndexOf(' ')),
                    Integer.parseInt(words.substring(words.lastIndexOf(' ') + 1)));
        }
        return units;
    }

    @Test
    void aBackupWhoseManagerIsKilledGoesOnAndDoesNothingTwice() {
        Desk desk = slow("killed-manager");
        crew(desk);
        try (Running manager = desk.start("backup")) {
            manager.awaits("some units are done", () -> parts(desk).size() >= 2);
            manager.kill();
        }
        Map<String, Object> before = parts(desk);
        JsonNode backup = JsonMapper.shared()
                .readTree(ended(desk, 0, "backup", "--output", "json").out());
        assertThat(backup.path("resumed").asBoolean()).isTrue();
        assertThat(backup.path("state").asString()).isEqualTo("sealed");
        assertThat(parts(desk)).as("what was stored stays as it is").containsAllEntriesOf(before);

        try (Running manager = desk.start(RESTORE)) {
            manager.awaits("it loads", () -> manager.err().contains("load"));
            manager.kill();
        }
        ended(desk, 0, RESTORE);
        assertThat(staging.dbHash("shop")).isEqualTo(hash);
    }

    @Test
    void aJobRepositoryOrABrokerThatIsNotThereIsNamed() throws IOException {
        Desk wrong = desk("no-password").with("FIREDRILL_JOB_REPOSITORY_PASSWORD", "canary");
        assertThat(wrong.run("backup").ended(ExitCode.ACCESS_DENIED.code()).err())
                .contains("refuses us as user 'firedrill'")
                .doesNotContain("canary");
        Desk silent = desk("no-repository")
                .with("FIREDRILL_JOB_REPOSITORY_URL", "jdbc:postgresql://127.0.0.1:" + port() + "/jobs");
        assertThat(silent.run("worker").ended(ExitCode.UNAVAILABLE.code()).err())
                .contains("does not answer");
        Desk nameless = desk("no-database")
                .with(
                        "FIREDRILL_JOB_REPOSITORY_URL",
                        variable("FIREDRILL_TEST_POSTGRES_URL").replaceFirst("/[^/]*$", "/nowhere"));
        assertThat(nameless.run("backup").ended(ExitCode.USAGE.code()).err()).contains("no database of that server");
        Desk brokerless = desk("no-broker").with("FIREDRILL_BROKER_URL", "tcp://127.0.0.1:" + port());
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
