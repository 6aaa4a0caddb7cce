package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Drills in a mongod of their own, as a person asks for them. */
class EphemeralDrillIT {
    private static final String SCOPE = "of an ephemeral staging on this machine, not of production";

    private static MongodServer source;

    @TempDir
    Path directory;

    private RealCall call;
    private Path folder;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        try (MongoClient client = source.client()) {
            Fixtures.everything(client);
            client.getDatabase("admin")
                    .runCommand(Document.parse("{createUser: 'reader', pwd: 'read', roles: ['readAnyDatabase']}"));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void backUp() {
        folder = directory.resolve("room");
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", "ephemeral:")
                .with("FIREDRILL_STAGING_DIR", folder.toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        call.succeed("backup");
    }

    @Test
    void aDrillProvesTheBackupAndLeavesNothingButItsRecord() throws IOException {
        call.succeed("drill", "--with-users", "--rto-target", "15m");
        assertThat(call.out()).startsWith("PROVEN").contains("allowed: met; " + SCOPE, "provision");
        assertThat(folder).isEmptyDirectory();

        JsonNode record = lastRecord();
        assertThat(record.at("/result/verdict").asString()).isEqualTo("PROVEN");
        assertThat(record.at("/run/parameters/staging").asString()).isEqualTo("ephemeral");
        assertThat(record.at("/environment/target/name").asString()).isEqualTo("ephemeral");
        assertThat(record.at("/environment/target/emptyBefore").asBoolean()).isTrue();
        assertThat(record.at("/measurement/rto/scope").asString()).isEqualTo(SCOPE);
        assertThat(record.at("/measurement/phases/0/name").asString()).isEqualTo("provision");
        assertThat(record.at("/measurement/phases/0/insideRto").asBoolean()).isTrue();
        assertThat(record.at("/verification/checks").findValuesAsString("id")).contains("content", "users");
        assertThat(record.at("/disposal/result").asString())
                .matches("process \\d+ has ended, .* is gone, 127\\.0\\.0\\.1:\\d+ refuses connections");
        assertThat(report()).contains("PROVEN", SCOPE);

        call.succeed("status");
        assertThat(call.out()).contains("proven", SCOPE);
        call.succeed("status", "--output", "json");
        assertThat(JsonMapper.shared()
                        .readTree(call.out())
                        .at("/lastDrill/rto/scope")
                        .asString())
                .isEqualTo(SCOPE);
    }

    @Test
    void aDrillOfAPartProvesThatPart() throws IOException {
        assertThat(call.fail(2, "drill", "--include", "shop.order").message()).contains("matches nothing");
        assertThat(folder).as("nothing was started").doesNotExist();
        call.succeed("drill", "--include", "shop.orders", "--rename", "shop=copy");
        assertThat(call.out()).startsWith("PROVEN IN PART").contains("shop.orders to copy.orders");
        assertThat(lastRecord().at("/scope/included").toString()).isEqualTo("[\"copy.orders\"]");
        call.succeed("backups");
        assertThat(call.out()).contains("PARTLY").doesNotContain("PROVEN");
    }

    @Test
    void onlyADrillCanBeEphemeralAndItNeverStays() {
        assertThat(call.fail(2, "restore", "--confirm", "ephemeral").message()).contains("only a drill can use that");
        assertThat(call.fail(2, "restore", "--dry-run").hint()).contains("replica set of yours");
        assertThat(call.fail(2, "staging", "clean").message()).contains("only a drill can use that");
        assertThat(call.fail(2, "drill", "--keep").hint()).contains("never outlives its drill");
        assertThat(folder).doesNotExist();
    }

    @Test
    void theGuardRunsAsEverAndWhatItRefusesIsDestroyed() throws IOException {
        assertThat(call.fail(30, "drill", "--confirm", "practice").hint()).contains("--confirm ephemeral");
        assertThat(folder).isEmptyDirectory();
        assertThat(lastRecord().at("/disposal/result").asString()).contains("refuses connections");
        call.with("FIREDRILL_STAGING_ALLOW", "practice");
        assertThat(call.fail(30, "drill").message()).contains("'ephemeral' is not among the allowed targets");
        assertThat(folder).isEmptyDirectory();
        call.with("FIREDRILL_STAGING_ALLOW", "practice,ephemeral");
        call.succeed("drill", "--confirm", "ephemeral");
    }

    @Test
    void aDrillThatFailsLeavesNothingEither() throws IOException {
        Path segment = files("sources/orders/segments").getFirst();
        Files.write(segment, new byte[10]);
        call.fail(12, "drill");
        assertThat(folder).isEmptyDirectory();
        assertThat(lastRecord().at("/disposal/result").asString()).contains("refuses connections");
    }

    @Test
    void whatDoesNotStartIsToldAndRecorded() throws IOException {
        call.with("FIREDRILL_MONGOD", "/nowhere/mongod");
        Told missing = call.fail(2, "drill");
        assertThat(missing.message()).contains("there is no mongod to start", "/nowhere/mongod");
        assertThat(lastRecord().at("/result/message").asString()).contains("/nowhere/mongod");
        call.with("FIREDRILL_MONGOD", "/bin/false");
        assertThat(call.fail(2, "drill").message()).contains("/bin/false ended with 1");
        Path file = Files.createFile(directory.resolve("file"));
        call.with("FIREDRILL_STAGING_DIR", file.toString());
        assertThat(call.fail(2, "drill").message()).contains("staging-dir", file.toString());
        assertThat(folder).isEmptyDirectory();
    }

    private JsonNode lastRecord() throws IOException {
        return Desk.record(files("evidence/default").stream()
                .filter(file -> file.toString().endsWith(".dsse.json"))
                .filter(file -> !file.toString().contains("checkpoints"))
                .toList()
                .getLast());
    }

    private String report() throws IOException {
        return Files.readString(files("reports/default").getLast());
    }

    private List<Path> files(String prefix) throws IOException {
        try (var files = Files.walk(call.store().resolve(prefix))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
