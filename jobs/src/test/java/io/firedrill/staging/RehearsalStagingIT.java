package io.firedrill.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import io.firedrill.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mongod of our own as the place of a rehearsal: a replica set that goes back to what it was. */
class RehearsalStagingIT {
    private static final String MONGOD = System.getenv("FIREDRILL_MONGOD");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path root;

    @Test
    void asAReplicaSetItHasTransactionsAndAnOplogAndTheDataThatItHad() throws IOException {
        try (StagingServer server = StagingServer.start(MONGOD, root, 0, "6.0")) {
            insert(server.deployment(), 1);
            int port = server.port();
            long standalone = server.pid();
            assertThat(server.deployment().identity().replicaSetId()).isEmpty();

            server.toReplicaSet();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.pid()).isNotEqualTo(standalone);
            assertThat(isDead(standalone)).isTrue();
            assertThat(server.deployment().identity().setName()).isEqualTo("ephemeral");
            assertThat(server.deployment().identity().replicaSetId()).isNotEmpty();
            assertThat(server.deployment().identity().hosts()).containsExactly("127.0.0.1:" + port);
            OpTime after = server.deployment().fence("before");
            insert(server.deployment(), 2);
            OpTime until = server.deployment().fence("after");
            assertThat(entries(server.deployment(), after, until)).containsExactly("i");
            try (MongoClient client = MongoClients.create(server.userUri());
                    ClientSession session = client.startSession()) {
                MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
                session.withTransaction(() -> orders.insertOne(session, new Document("_id", 3)));
                assertThat(orders.countDocuments()).isEqualTo(3);
                assertThat(parameters(client)).containsEntry("ttlMonitorEnabled", false);
            }
            assertThat(server.destroy()).contains("process " + server.pid());
        }
        assertThat(root).isEmptyDirectory();
    }

    private static void insert(Deployment deployment, int id) {
        deployment.run(
                "shop",
                new BsonDocument("insert", new BsonString("orders"))
                        .append("documents", new BsonArray(List.of(new BsonDocument("_id", new BsonInt32(id))))));
    }

    /** Those of the data: the server makes collections for itself when it becomes a set. */
    private static List<String> entries(Deployment deployment, OpTime after, OpTime until) {
        List<String> kinds = new ArrayList<>();
        new OplogScan(after, until).read(deployment, (bytes, offset, length) -> {
            var entry = new RawBsonDocument(bytes, offset, length);
            if (entry.getString("ns").getValue().startsWith("shop.")) {
                kinds.add(entry.getString("op").getValue());
            }
        });
        return kinds;
    }

    private static Document parameters(MongoClient client) {
        return client.getDatabase("admin").runCommand(Document.parse("{getParameter: 1, ttlMonitorEnabled: 1}"));
    }

    @Test
    void theUserOfAChildMayWriteAndDefineDataAndNothingElse() {
        try (StagingServer server = replicaSet();
                MongoClient client = MongoClients.create(server.userUri())) {
            for (String command : List.of(
                    "{create: 'orders'}",
                    "{insert: 'orders', documents: [{_id: 1, n: 1}]}",
                    "{createIndexes: 'orders', indexes: [{key: {n: 1}, name: 'n'}]}",
                    "{collMod: 'orders', validator: {n: {$type: 'int'}}}",
                    "{dbHash: 1}",
                    "{dropDatabase: 1}")) {
                client.getDatabase("any").runCommand(Document.parse(command));
            }
            client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            for (String command : List.of(
                    "{createUser: 'other', pwd: 'x', roles: ['root']}",
                    "{find: 'system.users'}",
                    "{shutdown: 1}",
                    "{setParameter: 1, ttlMonitorEnabled: true}")) {
                assertThatExceptionOfType(MongoException.class)
                        .as(command)
                        .isThrownBy(() -> client.getDatabase("admin").runCommand(Document.parse(command)))
                        .withMessageContaining("not authorized");
            }
            assertThat(server.userUri()).isEqualTo(server.userUri()).contains("directConnection=true");
            String nobody = server.userUri().replaceFirst("//[^@]*@", "//");
            try (MongoClient other = MongoClients.create(nobody)) {
                assertThatExceptionOfType(MongoException.class)
                        .isThrownBy(() -> other.getDatabase("shop").runCommand(Document.parse("{find: 'orders'}")))
                        .withMessageContaining("requires authentication");
            }
        }
    }

    @Test
    void whatItGoesBackToIsTheVeryStateThatWasSaved() throws IOException {
        try (StagingServer server = replicaSet();
                MongoClient client = MongoClients.create(server.userUri())) {
            fill(client, 5_000);
            String full = dbHash(client);
            Saved saved = server.save();
            assertThat(saved.path()).startsWith(server.path());
            assertThat(dbHash(client)).isEqualTo(full);
            for (int trial = 0; trial < 3; trial++) {
                client.getDatabase("shop").getCollection("orders").updateMany(new Document(), change(trial));
                client.getDatabase("shop").getCollection("other").insertOne(new Document());
                assertThat(dbHash(client)).isNotEqualTo(full);
                server.goBackTo(saved);
                assertThat(dbHash(client))
                        .as("the same client, trial %d", trial)
                        .isEqualTo(full);
                insert(server.deployment(), -1 - trial);
                assertThat(dbHash(client)).isNotEqualTo(full);
            }
            assertThat(parameters(client)).containsEntry("ttlMonitorEnabled", false);
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void theUserIsThereWhateverFilesTheServerGoesBackTo() {
        try (StagingServer server = replicaSet()) {
            Saved earliest = server.save();
            try (MongoClient client = MongoClients.create(server.userUri())) {
                fill(client, 1);
                server.goBackTo(earliest);
                assertThat(client.getDatabase("shop").getCollection("orders").countDocuments())
                        .isZero();
            }
        }
    }

    @Test
    void aShelfShowsWhatWasSavedWhileTheServerGoesOn() throws IOException {
        try (StagingServer server = replicaSet();
                MongoClient client = MongoClients.create(server.userUri())) {
            fill(client, 5_000);
            BsonDocument before = dbHash(server.deployment());
            Saved saved = server.save();
            client.getDatabase("shop").getCollection("orders").drop();
            Path folder;
            try (StagingServer shelf = server.shelf(saved)) {
                folder = shelf.path();
                assertThat(dbHash(shelf.deployment())).isEqualTo(before);
                assertThat(dbHash(server.deployment())).isNotEqualTo(before);
                // Whatever happens there, the kept files stay what they are.
                insert(shelf.deployment(), -1);
                assertThat(StagingServer.sweep(root)).as("folders in use").isEmpty();
            }
            assertThat(folder).doesNotExist();
            server.goBackTo(saved);
            assertThat(dbHash(server.deployment())).isEqualTo(before);
            server.discard(saved);
            assertThat(saved.path()).doesNotExist();
            assertThatThrownBy(() -> server.goBackTo(saved)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> server.shelf(saved)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void whatIsOutOfOrderIsRefused() {
        try (StagingServer server = StagingServer.start(MONGOD, root, 0, "6.0")) {
            assertThatThrownBy(server::save).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(server::userUri).isInstanceOf(IllegalStateException.class);
            server.toReplicaSet();
            assertThatThrownBy(server::toReplicaSet).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aServerThatWasKilledIsNotTakenForOneThatEndedWell() {
        StagingServer server = replicaSet();
        assertThat(ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly())
                .isTrue();
        Failure failure = catchThrowableOfType(Failure.class, server::save);
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        server.destroy();
        assertThat(left()).isEmpty();
    }

    @Test
    void itGoesBackEvenFromAServerThatWasKilled() {
        try (StagingServer server = replicaSet();
                MongoClient client = MongoClients.create(server.userUri())) {
            Saved saved = server.save();
            fill(client, 1);
            assertThat(ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
            server.goBackTo(saved);
            assertThat(client.getDatabase("shop").getCollection("orders").countDocuments())
                    .isZero();
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void whereACopyDoesNotFitItIsNamed() throws IOException {
        StagingFolder folder = StagingFolder.create(root, 0);
        try (var file = new RandomAccessFile(folder.data().resolve("collection").toFile(), "rw")) {
            // With nothing in it, on a file system that can have holes in files.
            file.setLength(8L << 40);
        }
        Failure failure = catchThrowableOfType(Failure.class, () -> folder.save(3));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text())
                .containsPattern("staging-dir .* has \\d+ MB free, and copy 3 of its files wants 8389120");
        assertThat(failure.hint()).contains("FIREDRILL_STAGING_DIR");
        StagingFolder.remove(folder.path());
        folder.release();
    }

    @Test
    void aCopyThatCannotBeMadeIsAFailure() {
        StagingFolder folder = StagingFolder.create(root, 0);
        var gone = new Saved(1, root.resolve("gone"), 0);
        assertThat(catchThrowableOfType(Failure.class, () -> folder.goBackTo(gone))
                        .text())
                .contains("cannot be copied");
        assertThat(catchThrowableOfType(Failure.class, () -> StagingFolder.on(root, gone))
                        .text())
                .contains("cannot be copied");
        assertThat(catchThrowableOfType(Failure.class, () -> StagingFolder.delete(gone.path()))
                        .text())
                .contains("cannot be removed");
        assertThat(left()).containsExactly(folder.path());
        StagingFolder.remove(folder.path());
        folder.release();
    }

    @Test
    void killedAtAnyMomentOfItsTrialsAProcessLeavesNothingBehind() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int trial = 0; trial < 3; trial++) {
            Process process = StagingProcess.start(MONGOD, root);
            try (BufferedReader told = process.inputReader()) {
                assertThat(told.readLine()).as("the shelf").isNotNull();
                assertThat(told.readLine()).as("a round").endsWith("in round 0");
                long wait = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextLong(2_500));
                await("any moment", () -> System.nanoTime() - wait > 0);
                assertThat(left()).as("seed %d", seed).hasSize(2);
            } finally {
                process.destroyForcibly().onExit().join();
            }
            await("its files are gone", () -> left().isEmpty());
            await("its servers have ended", () -> servers().isEmpty());
        }
    }

    private List<Long> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(root.toString()))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }

    private StagingServer replicaSet() {
        StagingServer server = StagingServer.start(MONGOD, root, 0, "6.0");
        server.toReplicaSet();
        return server;
    }

    private static void fill(MongoClient client, int documents) {
        MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
        orders.insertMany(IntStream.range(0, documents)
                .mapToObj(i -> new Document("_id", i).append("text", "order number " + i))
                .toList());
        orders.createIndex(new Document("text", 1));
    }

    private static Document change(int trial) {
        return new Document("$set", new Document("trial", trial));
    }

    private static String dbHash(MongoClient client) {
        return client.getDatabase("shop").runCommand(new Document("dbHash", 1)).getString("md5");
    }

    private static BsonDocument dbHash(Deployment deployment) {
        return deployment
                .run("shop", new BsonDocument("dbHash", new BsonInt32(1)))
                .getDocument("collections");
    }

    private static boolean isDead(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().commandLine())
                .isEmpty();
    }

    private List<Path> left() {
        try (Stream<Path> files = Files.list(root)) {
            return files.toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
