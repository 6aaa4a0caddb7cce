package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Compactions as a person asks for them: what they make, what they say, and what they refuse. */
class CompactRunIT {
    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private Desk desk;
    private Path folder;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("staging");
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void aDay() {
        folder = directory.resolve("room");
        desk = new Desk(directory.resolve("desk"), source, staging)
                .with("FIREDRILL_STAGING_DIR", folder.toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        try (MongoClient client = source.client()) {
            orders(client).drop();
        }
        insert(0);
    }

    private static MongoCollection<Document> orders(MongoClient client) {
        return client.getDatabase("shop").getCollection("orders");
    }

    private static void insert(int first) {
        try (MongoClient client = source.client()) {
            orders(client)
                    .insertMany(IntStream.range(first, first + 200)
                            .mapToObj(i -> new Document("_id", i).append("n", i % 7))
                            .toList());
        }
    }

    private void archive() {
        desk.run("oplog", "archive", "--once").ended(0);
    }

    private JsonNode aBackupAndWhatCameAfter() {
        archive();
        JsonNode backup = desk.json("backup");
        insert(1_000);
        archive();
        return backup;
    }

    @Test
    void aRehearsalTellsTheRunMakesAndTheBackupIsOneLikeAnyOther() {
        String base = aBackupAndWhatCameAfter().path("backupId").asString();
        JsonNode planned = desk.json("oplog", "compact", "--dry-run");
        assertThat(planned.path("state").asString()).isEqualTo("planned");
        assertThat(planned.path("base").asString()).isEqualTo(base);
        assertThat(planned.at("/work/slices").asLong()).isPositive();
        assertThat(planned.at("/work/bytesLoaded").asLong()).isPositive();
        assertThat(folder).as("nothing was started").doesNotExist();

        String then = source.dbHash("shop");
        JsonNode made = desk.json("oplog", "compact");
        assertThat(made.path("state").asString()).isEqualTo("sealed");
        assertThat(made.path("base").asString()).isEqualTo(base);
        assertThat(made.at("/work/entries").asLong()).isGreaterThanOrEqualTo(200);
        assertThat(made.path("proof").asString()).isEqualTo("base digests + strict replay");
        assertThat(made.path("consistencyPoint")).isEqualTo(planned.path("consistencyPoint"));
        assertThat(folder).isEmptyDirectory();
        requireRecord(made);
        requireListed(made);

        insert(2_000);
        desk.run("drill", "--backup", made.path("backupId").asString(), "--keep", "--confirm", "staging")
                .ended(0);
        assertThat(staging.dbHash("shop")).isEqualTo(then);
        desk.run("staging", "clean", "--confirm", "staging").ended(0);
        desk.json("backup");
        assertThat(desk.lastRecord().at("/notes/untouched").asString()).isNotEmpty();
    }

    private void requireRecord(JsonNode made) {
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/run/kind").asString()).isEqualTo("oplog-compact");
        assertThat(record.at("/result/verdict").asString()).isEqualTo("SEALED");
        assertThat(record.at("/backup/backupId").asString())
                .isEqualTo(made.path("backupId").asString());
        assertThat(record.at("/notes/synthetic").asString())
                .contains("out of backup " + made.path("base").asString());
        assertThat(record.at("/run/parameters/lease").asString()).isEqualTo("backup-orders");
        assertThat(record.at("/disposal/result").asString()).contains("refuses connections");
        assertThat(record.at("/environment/target/name").asString()).isEqualTo("ephemeral");
        assertThat(record.at("/measurement/phases").findValuesAsString("name"))
                .containsSubsequence(
                        "chain",
                        "provision",
                        "load",
                        "verify",
                        "replay",
                        "index",
                        "judge",
                        "plan",
                        "dump",
                        "seal",
                        "publish",
                        "cleanup");
        assertThat(record.at("/verification/checks").findValuesAsString("id"))
                .contains("objects", "chain", "content", "replay", "definitions", "stored");
    }

    private void requireListed(JsonNode made) {
        JsonNode newest = desk.json("backups").path("backups").path(0);
        assertThat(newest.path("backupId")).isEqualTo(made.path("backupId"));
        assertThat(newest.path("state").asString()).isEqualTo("sealed");
        assertThat(newest.at("/synthetic/base")).isEqualTo(made.path("base"));
        assertThat(desk.run("backups").ended(0).out())
                .contains("synthetic: out of " + made.path("base").asString());
        assertThat(desk.run("status").ended(0).out())
                .contains(made.path("backupId").asString() + " SEALED, synthetic");
    }

    @Test
    void whatASealProvesIsProvenByItAndThereIsNothingToFoldTwice() {
        archive();
        desk.json("backup");
        insert(1_000);
        JsonNode sealed = desk.json("seal");
        archive();
        String moment = sealed.at("/sealedAt/t").asLong() + ","
                + sealed.at("/sealedAt/i").asLong();

        JsonNode made = desk.json("oplog", "compact", "--to", moment);
        assertThat(made.path("proof").asString()).startsWith("seal");
        assertThat(made.path("consistencyPoint")).isEqualTo(sealed.path("sealedAt"));
        Desk.Answer again = desk.run("oplog", "compact", "--to", moment).ended(0);
        assertThat(again.out())
                .startsWith("NOTHING  to fold: backup " + made.path("backupId").asString());
        assertThat(desk.json("oplog", "compact", "--to", moment, "--dry-run")
                        .path("state")
                        .asString())
                .isEqualTo("nothing");
        assertThat(desk.json("backups").path("backups")).hasSize(2);
    }

    @Test
    void whatCannotBeMadeIsRefusedBeforeAnythingIsStarted() throws IOException {
        assertThat(desk.run("oplog", "compact").ended(2).err()).contains("no source");
        desk.json("backup");
        assertThat(desk.run("oplog", "compact").ended(13).err()).contains("Archive the oplog");
        aBackupAndWhatCameAfter();
        assertThat(desk.run("oplog", "compact", "--to", "2001-01-01T00:00:00Z")
                        .ended(13)
                        .err())
                .contains("nearest");
        desk.with("FIREDRILL_STORE_KEY", keys().toString());
        assertThat(desk.run("oplog", "compact").ended(2).err()).contains("recipients are not");
        desk.with("FIREDRILL_STORE_KEY", "");
        for (Path each : desk.files("sources/orders/oplog/data")) {
            Files.write(each, new byte[10]);
        }
        assertThat(desk.run("oplog", "compact").ended(12).err()).contains("sources/orders/oplog/data");
        assertThat(folder).as("no mongod was started").doesNotExist();
        assertThat(desk.lastRecord().at("/run/kind").asString()).isEqualTo("oplog-compact");
        assertThat(desk.lastRecord().at("/result/outcome").asString()).isEqualTo("FAILED");
    }

    private Path keys() {
        Path keys = directory.resolve("keys");
        desk.run("keys", "create", "--out", keys.toString()).ended(0);
        return keys.resolve("store.key");
    }

    @Test
    void aMongodThatIsMissingOrTooOldAndARoomThatIsTooSmallAreTold() throws IOException {
        aBackupAndWhatCameAfter();
        desk.with("FIREDRILL_MONGOD", "/nowhere/mongod");
        assertThat(desk.run("oplog", "compact").ended(2).err()).contains("there is no mongod to start");
        Path file = Files.createFile(directory.resolve("file"));
        desk.with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD")).with("FIREDRILL_STAGING_DIR", file.toString());
        assertThat(desk.run("oplog", "compact").ended(2).err()).contains("staging-dir");
        assertThat(desk.json("backups").path("backups")).hasSize(1);
        desk.with("FIREDRILL_STAGING_DIR", folder.toString());
        assertThat(desk.json("oplog", "compact").path("state").asString()).isEqualTo("sealed");
    }
}
