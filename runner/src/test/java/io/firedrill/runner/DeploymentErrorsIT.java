package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when a deployment cannot be backed up, cannot be restored into, or goes away meanwhile. */
class DeploymentErrorsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String IMPATIENT = "&serverSelectionTimeoutMS=5000";

    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders", "--setParameter", "enableTestCommands=1");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            for (String name : new String[] {"a", "b", "c"}) {
                client.getDatabase("shop")
                        .getCollection(name)
                        .insertMany(IntStream.range(0, 500)
                                .mapToObj(i -> new Document("_id", i).append("text", "document " + i))
                                .toList());
            }
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
    void aMongosIsRefusedByName() throws IOException {
        try (var mongos = new StandInMongos()) {
            Told told = call.with("FIREDRILL_SOURCE_URI", mongos.uri()).fail(2, "backup");
            assertThat(told.message()).contains("is a mongos", "127.0.0.1");
            assertThat(told.hint()).contains("replica set");
        }
    }

    @Test
    void stagingThatIsNotEmptyIsRefusedAndLeftAlone() {
        call.succeed("backup");
        try (MongoClient client = staging.client()) {
            client.getDatabase("precious").getCollection("c").insertOne(new Document("_id", 1));
            Told told = call.fail(30, "restore", "--confirm", "practice");
            assertThat(told.message()).contains("not empty", "precious");
            assertThat(client.getDatabase("precious").getCollection("c").countDocuments())
                    .isEqualTo(1);
            client.getDatabase("precious").drop();
        }
    }

    @Test
    void theSourceUnderAnotherNameIsRefusedAsStaging() {
        call.succeed("backup");
        String otherName = "mongodb://localhost:%d/?directConnection=true".formatted(source.port());
        String before = source.dbHash("shop");
        Told told = call.with("FIREDRILL_STAGING_URI", otherName).fail(30, "restore", "--confirm", "orders");
        assertThat(told.message()).contains("is the source");
        assertThat(source.dbHash("shop")).isEqualTo(before);
    }

    @Test
    void aSourceThatDiesHalfWayIsUnavailableAndTheBackupGoesOnOnceItIsBack() {
        Told told = call.with("FIREDRILL_SOURCE_URI", source.uri() + IMPATIENT)
                .asking(once(() -> plan().isPresent(), source::kill))
                .fail(40, "backup");
        assertThat(told.message()).contains("source", "127.0.0.1:" + source.port());
        assertThat(told.hint()).contains("goes on where it stopped");
        source.restart();
        String begun = plan().orElseThrow().id().value();
        call.succeed("backup");
        assertThat(call.out()).contains(begun);
    }

    @Test
    void stagingThatDiesHalfWayIsUnavailableAndTheRestoreGoesOnOnceItIsBack() {
        call.succeed("backup");
        Told told = call.with("FIREDRILL_STAGING_URI", staging.uri() + IMPATIENT)
                .asking(once(DeploymentErrorsIT::isPartlyLoaded, staging::kill))
                .fail(40, "restore", "--confirm", "practice");
        assertThat(told.message()).contains("staging", "127.0.0.1:" + staging.port());
        assertThat(told.hint()).contains("goes on where it stopped");

        staging.restart();
        call.succeed("restore", "--confirm", "practice");
        assertThat(call.out()).contains("PROVEN", "went on after an interruption");
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
    }

    @Test
    void aBackupWhoseMomentIsForgottenGoesOnAtALaterOne() {
        try (MongoClient client = source.client()) {
            historySeconds(client, 0);
            call.asking(once(() -> plan().isPresent(), () -> forget(client))).succeed("backup");
            historySeconds(client, 300);
        }
        call.succeed("verify");
    }

    @Test
    void aHistoryWindowTooShortForASingleRangeIsNamedWithTheParameterToRaise() {
        try (MongoClient client = source.client()) {
            Told told = call.asking(
                            once(
                                    () -> plan().isPresent(),
                                    () -> failPoint(
                                            client,
                                            "{mode: 'alwaysOn', data: {failCommands: ['find'], errorCode: 239, appName: 'firedrill'}}")))
                    .fail(2, "backup");
            failPoint(client, "{mode: 'off'}");
            assertThat(told.message()).contains("history window", "too short");
            assertThat(told.hint()).contains("minSnapshotHistoryWindowInSeconds");
        }
        call.succeed("backup");
    }

    private static void failPoint(MongoClient client, String rest) {
        var command = new Document("configureFailPoint", "failCommand");
        command.putAll(Document.parse(rest));
        client.getDatabase("admin").runCommand(command);
    }

    @Test
    void aBackupOfANewerFiredrillIsNeverGuessedAt() throws Exception {
        call.succeed("backup");
        Path manifest = file("manifest");
        byte[] known = Files.readAllBytes(manifest);
        Files.write(manifest, asVersion7(known));
        for (String[] command : new String[][] {
            {"restore", "--confirm", "practice"},
            {"drill", "--confirm", "practice"},
            {"verify"},
            {"status"},
            {"backups"}
        }) {
            Told told = call.fail(2, command);
            assertThat(told.message()).contains("manifest has format version 7", "knows versions up to 6");
            assertThat(told.hint()).contains("newer");
        }
        try (MongoClient client = staging.client()) {
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
        Files.write(manifest, known);
        call.succeed("verify");
    }

    private Path file(String name) throws IOException {
        try (Stream<Path> files = Files.walk(call.store().resolve("sources"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** As the format's document says: the digest in the second line is of the first line and of what follows the second. */
    private static byte[] asVersion7(byte[] bytes) throws Exception {
        String text = new String(bytes, ISO_8859_1);
        String body = text.substring(text.indexOf('\n', text.indexOf('\n') + 1) + 1);
        String head = text.substring(0, text.indexOf('\n')).replace(" 1", " 7") + "\n";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest((head + body).getBytes(ISO_8859_1));
        return (head + HexFormat.of().formatHex(digest) + "\n" + body).getBytes(ISO_8859_1);
    }

    /** Does it the first time that the question is answered with yes; never asks to stop. */
    private static BooleanSupplier once(BooleanSupplier question, Runnable work) {
        var done = new AtomicBoolean();
        return () -> {
            if (!done.get() && question.getAsBoolean() && done.compareAndSet(false, true)) {
                work.run();
            }
            return false;
        };
    }

    private Optional<BackupPlan> plan() {
        try (var store = ObjectStores.directory(call.store())) {
            var catalog = new BackupCatalog(store, "orders");
            return catalog.newestUnfinished().flatMap(catalog::plan);
        }
    }

    /** The first collection is there, the last is not: the restore is in the middle of its only unit. */
    private static boolean isPartlyLoaded() {
        try (MongoClient client = staging.client()) {
            var shop = client.getDatabase("shop");
            return shop.getCollection("a").estimatedDocumentCount() > 0
                    && shop.getCollection("c").estimatedDocumentCount() == 0;
        }
    }

    private static void historySeconds(MongoClient client, int seconds) {
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
    }

    /** Writes until the source itself says that it no longer knows the moment of the plan. */
    private void forget(MongoClient client) {
        BackupPlan plan = plan().orElseThrow();
        var command = new Document("find", "a")
                .append("limit", 1)
                .append("singleBatch", true)
                .append(
                        "readConcern",
                        new Document("level", "snapshot")
                                .append("atClusterTime", plan.at().timestamp()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            client.getDatabase("shop")
                    .getCollection("a")
                    .updateOne(new Document("_id", 1), new Document("$inc", new Document("n", 1)));
            try {
                client.getDatabase("shop").runCommand(command);
            } catch (MongoCommandException thrown) {
                assertThat(thrown.getErrorCode()).as("SnapshotTooOld").isEqualTo(239);
                return;
            }
        }
        throw new AssertionError("the source still reads at " + plan.at());
    }
}
