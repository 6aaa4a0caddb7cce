package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup, restore, proof and cleaning on real servers; mongod's own dbHash is the oracle. */
class RecoveryIT {
    private static final int CORRUPTIONS = 200;
    private static final int CLEAN_RUNS = 20;

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    Path directory;

    private ObjectStore store;
    private Recovery recovery;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging", "--setParameter", "enableTestCommands=1");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
        try (MongoClient client = sourceServer.client()) {
            Fixtures.everything(client);
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void open() {
        store = ObjectStores.directory(directory.resolve("store"));
        recovery = new Recovery(store);
    }

    @AfterEach
    void clean() {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
        recovery.close();
        store.close();
    }

    @Test
    void whatComesBackHasTheServersOwnDigestOfWhatWasThere() {
        Manifest manifest = recovery.backup(source, 1);
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(manifest.totals().segments()).isGreaterThan(20);
        for (String database : Fixtures.DATABASES) {
            assertThat(stagingServer.dbHash(database)).as(database).isEqualTo(sourceServer.dbHash(database));
        }
    }

    @Test
    void definitionsComeBackAsTheServerListsThem() {
        recovery.backup(source, 1);
        recovery.restore(staging, "latest", "r1");

        try (MongoClient one = sourceServer.client();
                MongoClient other = stagingServer.client()) {
            for (String database : Fixtures.DATABASES) {
                assertThat(Fixtures.definitions(other.getDatabase(database)))
                        .isEqualTo(Fixtures.definitions(one.getDatabase(database)));
            }
        }
    }

    @Test
    void aSecondBackupOfUnchangedDataStoresNoSegmentAgain() throws IOException {
        recovery.backup(source, 1);
        long before = segmentsStored();
        Manifest second = recovery.backup(source, 2);

        assertThat(segmentsStored()).isEqualTo(before);
        assertThat(second.totals().segmentsReused()).isEqualTo(second.totals().segments());
    }

    @Test
    void aBackupCutOffAnywhereGoesOnAndEndsEqual() {
        for (int checks = 3; checks < 40; checks += 6) {
            var left = new AtomicInteger(checks);
            recovery.stopWhen(() -> left.decrementAndGet() < 0);
            Ended cut = recovery.backup(source, Recovery.id(checks), Set.of());
            assertThat(kindOf(cut)).isEqualTo(FailureKind.ABORTED);
            assertThat(cut.record().outcome()).isEqualTo(Outcome.ABORTED);
            assertThat(recovery.catalog().isSealed(Recovery.id(checks))).isFalse();
        }
        recovery.stopWhen(() -> false);
        recovery.backup(source, 33);
        assertThat(recovery.restore(staging, Recovery.id(33).value(), "r1").failure())
                .isNull();
    }

    @Test
    void aRestoreCutOffAnywhereGoesOnAndEndsEqual() {
        recovery.backup(source, 1);
        for (int checks = 25; checks < 90; checks += 9) {
            var left = new AtomicInteger(checks);
            recovery.stopWhen(() -> left.decrementAndGet() < 0);
            Ended cut = recovery.restore(staging, "latest", "r1");
            assertThat(cut.failure()).as("after %d checks", checks).isNotNull();
        }
        recovery.stopWhen(() -> false);
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        for (String database : Fixtures.DATABASES) {
            assertThat(stagingServer.dbHash(database)).as(database).isEqualTo(sourceServer.dbHash(database));
        }
    }

    @Test
    void everyCorruptionIsFoundBeforeTheFirstWriteAndNamed() throws IOException {
        recovery.backup(source, 1);
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<Path> objects = objects();
        for (int i = 0; i < CORRUPTIONS; i++) {
            Path victim = objects.get(random.nextInt(objects.size()));
            byte[] good = Files.readAllBytes(victim);
            damage(victim, good, random, objects);
            Ended ended = recovery.restore(staging, Recovery.id(1).value(), "corrupt-" + i);

            assertThat(kindOf(ended)).as("seed %d, corruption %d", seed, i).isEqualTo(FailureKind.BACKUP_DAMAGED);
            assertThat(String.valueOf(ended.failure()))
                    .contains(victim.getFileName().toString());
            assertThat(new StagingMarker(staging).read()).isEmpty();
            Files.write(victim, good);
        }
    }

    @Test
    void whatIsNotCorruptedIsNeverCalledSo() {
        recovery.backup(source, 1);
        for (int i = 0; i < CLEAN_RUNS; i++) {
            assertThat(recovery.verify("latest").failure()).as("run %d", i).isNull();
        }
    }

    @Test
    void aChangedDocumentInTheTargetIsAMismatchThatNamesIt() {
        recovery.backup(source, 1);
        var left = new AtomicInteger(Integer.MAX_VALUE);
        recovery.stopWhen(() -> {
            tamperOnceLoaded(left);
            return false;
        });
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(kindOf(ended)).isEqualTo(FailureKind.VERIFICATION_FAILED);
        assertThat(String.valueOf(ended.failure())).contains("shop.orders").contains("changed");
        assertThat(ended.record().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(new StagingMarker(staging).read().orElseThrow().state()).isEqualTo(StagingMarker.State.LOADING);
    }

    private static void tamperOnceLoaded(AtomicInteger left) {
        try (MongoClient client = stagingServer.client()) {
            MongoDatabase shop = client.getDatabase("shop");
            boolean indexed = shop.getCollection("orders")
                            .listIndexes()
                            .into(new java.util.ArrayList<>())
                            .size()
                    > 1;
            if (indexed && left.getAndSet(0) > 0) {
                shop.getCollection("orders")
                        .updateOne(new Document("_id", 7), new Document("$set", new Document("n", -1)));
            }
        }
    }

    @Test
    void aDrillLeavesNothingBehind() {
        recovery.backup(source, 1);
        Ended ended = recovery.drill(staging, "latest", "d1");

        assertThat(ended.failure()).isNull();
        assertThat(new StagingMarker(staging).read()).isEmpty();
        assertThat(stagingServer.client().listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
    }

    @Test
    void cleaningLeavesWhatOthersMade() {
        recovery.backup(source, 1);
        recovery.restore(staging, "latest", "r1");
        try (MongoClient client = stagingServer.client()) {
            client.getDatabase("shop").getCollection("mine").insertOne(new Document("_id", 1));
            List<Namespace> dropped = new StagingCleaner(staging, new StagingMarker(staging)).clean();

            assertThat(dropped).isNotEmpty().doesNotContain(new Namespace("shop", "mine"));
            assertThat(client.getDatabase("shop").getCollection("mine").countDocuments())
                    .isEqualTo(1);
            client.getDatabase("shop").drop();
        }
    }

    @Test
    void cleaningTakesWhatARunHadOnlyBegunToCreate() {
        recovery.backup(source, 1);
        try (MongoClient client = stagingServer.client()) {
            MongoDatabase admin = client.getDatabase("admin");
            admin.runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: {skip: 3},"
                    + " data: {failCommands: ['create'], errorCode: 8}}"));
            Ended ended = recovery.restore(staging, "latest", "r1");
            admin.runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: 'off'}"));

            assertThat(ended.failure()).isNotNull();
            assertThat(client.listDatabaseNames()).hasSizeGreaterThan(4);
            assertThat(new StagingCleaner(staging, new StagingMarker(staging)).clean())
                    .hasSize(3);
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    @Test
    void theSourceIsRefusedAsATarget() {
        recovery.backup(source, 1);
        try (Deployment same = io.firedrill.mongo.Deployments.connect(
                "mongodb://localhost:%d/?directConnection=true".formatted(sourceServer.port()), "staging")) {
            assertThat(kindOf(recovery.restore(same, "latest", "r1"))).isEqualTo(FailureKind.TARGET_REFUSED);
        }
    }

    @Test
    void aTargetThatIsNotEmptyIsRefused() {
        recovery.backup(source, 1);
        try (MongoClient client = stagingServer.client()) {
            client.getDatabase("precious").getCollection("c").insertOne(new Document("_id", 1));
            assertThat(kindOf(recovery.restore(staging, "latest", "r1"))).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(client.getDatabase("precious").getCollection("c").countDocuments())
                    .isEqualTo(1);
            client.getDatabase("precious").drop();
        }
    }

    @Test
    void whatIsExcludedStandsInTheRecord() {
        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("logs").runCommand(Document.parse("{create: 'ring', capped: true, size: 4096}"));
            Ended leftOut = recovery.backup(source, Recovery.id(1), Set.of("logs.ring"));
            client.getDatabase("logs").drop();

            assertThat(leftOut.failure()).isNull();
            assertThat(leftOut.record().json().toString()).contains("logs.ring");
        }
    }

    @Test
    void aStandaloneIsRefused() {
        try (MongodServer server = MongodServer.standalone();
                Deployment standalone = server.deployment("source")) {
            assertThat(kindOf(recovery.backup(standalone, Recovery.id(1), Set.of())))
                    .isEqualTo(FailureKind.SOURCE_UNSUITABLE);
        }
    }

    private static FailureKind kindOf(Ended ended) {
        return Failure.in(ended.failure())
                .map(Failure::kind)
                .orElseThrow(() -> new AssertionError("no failure of ours", ended.failure()));
    }

    private long segmentsStored() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store/sources/source/segments"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private List<Path> objects() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store/sources/source"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("identities"))
                    .sorted()
                    .toList();
        }
    }

    private static void damage(Path victim, byte[] good, Random random, List<Path> objects) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(victim, bad);
            }
            case 1 -> Files.write(victim, java.util.Arrays.copyOf(good, random.nextInt(good.length)));
            case 2 -> Files.delete(victim);
            default -> {
                byte[] other = Files.readAllBytes(objects.get((objects.indexOf(victim) + 1) % objects.size()));
                Files.write(victim, other);
            }
        }
    }
}
