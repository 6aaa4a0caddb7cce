package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as a person types them, on real servers, with Spring and the job repository. */
class WholeRunIT {
    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            Fixtures.everything(client);
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", staging.uri());
    }

    @Test
    void fromNothingToAProvenBackupAndBack() throws Exception {
        assertThat(run("status")).isZero();
        assertThat(call.out()).contains("no sealed backup");

        assertThat(run("backup", "--dry-run")).isZero();
        assertThat(directory.resolve("store/sources")).doesNotExist();

        JsonNode backup = json("backup");
        assertThat(backup.path("state").asString()).isEqualTo("sealed");
        assertThat(backup.path("segments").asInt()).isPositive();
        JsonNode again = json("backup");
        assertThat(again.path("segmentsReused")).isEqualTo(again.path("segments"));
        assertThat(again.path("bytesUploaded").asLong(-1)).isZero();

        assertThat(run("restore")).as("without confirmation").isEqualTo(30);
        assertThat(run("restore", "--dry-run", "--confirm", "practice")).isZero();
        JsonNode restore = json("restore", "--confirm", "practice", "--rto-target", "15m");
        assertThat(restore.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(restore.path("rto").path("met").asBoolean()).isTrue();
        double inPhases = restore.path("phases")
                .valueStream()
                .mapToDouble(phase -> phase.path("seconds").asDouble())
                .sum();
        assertThat(inPhases)
                .as("phases add up to the recovery time")
                .isCloseTo(restore.path("rto").path("actualSeconds").asDouble(), Percentage.withPercentage(5));
        assertThat(restore.path("digestsEqual")).isEqualTo(restore.path("digestsCompared"));
        assertThat(Files.readString(Path.of(restore.path("report").asString()))).contains("PROVEN");
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));

        assertThat(run("restore", "--confirm", "practice"))
                .as("over a restored copy")
                .isEqualTo(30);
        assertThat(run("staging", "clean", "--dry-run")).isZero();
        assertThat(run("staging", "clean", "--confirm", "practice")).isZero();
        assertThat(run("staging", "clean", "--confirm", "practice")).as("twice").isEqualTo(30);

        assertThat(run("drill", "--confirm", "practice", "--rto-target", "PT0.001S"))
                .as("too slow")
                .isEqualTo(10);
        assertThat(run("verify", "--percent", "50")).isZero();
        assertThat(run("backups")).isZero();
        assertThat(call.out()).contains("PROVEN");
        assertThat(run("status")).isZero();
        assertThat(call.out()).contains("proven");
    }

    /** Of more than one unit, so that one percent is less than all of it. */
    @Test
    void aSampleIsRecordedAsAPart() throws Exception {
        try (MongoClient client = source.client()) {
            var random = new Random(7);
            MongoCollection<Document> filler = client.getDatabase("filler").getCollection("noise");
            try {
                for (int i = 0; i < 80; i++) {
                    byte[] noise = new byte[1 << 20];
                    random.nextBytes(noise);
                    filler.insertOne(new Document("_id", i).append("noise", noise));
                }
                assertThat(run("backup")).isZero();
                JsonNode sample = verified("verify", "--percent", "1");
                assertThat(sample.path("partial").asBoolean(false))
                        .as("a sample: %s", sample)
                        .isTrue();
                assertThat(verified("verify").path("partial").asBoolean(false)).isFalse();
            } finally {
                client.getDatabase("filler").drop();
            }
        }
    }

    /** The scope that the record of a verification states. */
    private JsonNode verified(String... arguments) throws Exception {
        String record = json(arguments).path("record").asString();
        String seq = record.replaceAll("^.*/0*|[.].*$", "");
        return json("evidence", "show", seq).at("/statement/predicate/scope");
    }

    @Test
    void retentionKeepsWhatIsProvenAndHeldAndDeletesTheRest() throws Exception {
        call.with("FIREDRILL_KEEP_WITHIN", "1s");
        call.with("FIREDRILL_PRUNE_GRACE", "1s");
        String first = json("backup").path("backupId").asString();
        assertThat(run("prune", "hold", first, "--reason", "case 7")).isZero();
        assertThat(run("drill", "--confirm", "practice")).isZero();
        String second = json("backup").path("backupId").asString();

        assertThat(run("prune")).as("without a rule").isEqualTo(2);
        assertThat(run("prune", "--backup", second)).as("the newest").isEqualTo(30);
        assertThat(run("prune", "--backup", first)).as("held").isEqualTo(30);
        assertThat(run("prune", "--keep-last", "1")).as("held").isZero();
        assertThat(call.out()).contains("held: case 7");
        assertThat(run("status")).isZero();
        assertThat(call.out()).contains("Held        " + first);

        assertThat(run("prune", "release", first, "--reason", "case 7 is closed"))
                .isZero();
        call.with("FIREDRILL_LEDGER", "another");
        assertThat(run("prune", "--keep-last", "1", "--dry-run"))
                .as("the last proven one, whatever the ledger")
                .isEqualTo(30);
        call.with("FIREDRILL_LEDGER", "default");
        assertThat(run("prune", "--keep-last", "1")).as("the last proven one").isEqualTo(30);
        assertThat(call.err()).contains(first, "the last proven backup", "firedrill drill");

        assertThat(run("drill", "--confirm", "practice")).isZero();
        JsonNode marking = json("prune", "--keep-last", "1");
        assertThat(marking.path("marked").get(0).asString()).isEqualTo(first);
        assertThat(run("backups")).isZero();
        assertThat(call.out()).contains("marked, deleted after");
        // A run takes about as long as the grace period: one of the next finds it over.
        Path plan = directory.resolve("store/sources/orders/backups/" + first + "/plan");
        for (int runs = 0; Files.exists(plan); runs++) {
            assertThat(runs).isLessThan(20);
            json("prune", "--keep-last", "1");
        }
        assertThat(run("verify")).isZero();
        assertThat(run("backups")).isZero();
        assertThat(call.out()).contains(second).doesNotContain(first);
    }

    @Test
    void aDamagedObjectIsNamedAndNothingIsWritten() throws Exception {
        json("backup");
        Path victim;
        try (var files = Files.walk(directory.resolve("store/sources/orders/segments"))) {
            victim = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Files.write(victim, new byte[] {1, 2, 3});

        assertThat(run("verify")).isEqualTo(12);
        assertThat(run("drill", "--confirm", "practice")).isEqualTo(12);
        assertThat(call.err()).contains(victim.getFileName().toString());
        try (MongoClient client = staging.client()) {
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    @Test
    void whatCannotBeReachedHasItsOwnExitCodeAndARecord() throws Exception {
        call.with("FIREDRILL_SOURCE_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500");
        assertThat(run("backup")).isEqualTo(40);
        assertThat(directory.resolve("store/evidence/default/000000000001.dsse.json"))
                .exists();
        assertThat(run("restore", "--confirm", "practice")).as("no backup").isEqualTo(2);
        call.with("FIREDRILL_SOURCE_URI", "mongodb://user:Pa55word@127.0.0.1:%d/".formatted(source.port()));
        assertThat(run("backup")).isEqualTo(41);
        assertThat(call.err()).doesNotContain("Pa55word");
    }

    @Test
    void aStandaloneIsRefused() {
        try (MongodServer standalone = MongodServer.standalone()) {
            call.with("FIREDRILL_SOURCE_URI", standalone.uri());
            assertThat(run("backup")).isEqualTo(2);
            assertThat(call.err()).contains("standalone");
        }
    }

    @Test
    void twoReplicaSetsCannotShareASourceName() throws Exception {
        json("backup");
        call.with("FIREDRILL_SOURCE_URI", staging.uri());
        call.with("FIREDRILL_SOURCE_NAME", "orders");
        try (MongoClient client = staging.client()) {
            client.getDatabase("x").getCollection("y").insertOne(new Document("_id", 1));
            assertThat(run("backup")).isEqualTo(2);
            client.getDatabase("x").drop();
        }
    }

    private JsonNode json(String... arguments) throws Exception {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--output";
        all[arguments.length + 1] = "json";
        assertThat(run(all)).as(() -> call.err()).isZero();
        return JsonMapper.shared().readTree(call.out());
    }

    private int run(String... arguments) {
        return call.run(arguments);
    }
}
