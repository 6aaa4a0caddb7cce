package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real entries of a real source, replayed into a copy; what the copy is then, mongod's own dbHash says. */
class StrictReplayIT {
    private static final BackupId ID = BackupId.of(Instant.EPOCH, 1);
    private static final BsonTimestamp EMPTY = new BsonTimestamp(0, 0);

    private static MongodServer sourceServer;
    private static MongodServer targetServer;
    private static Deployment source;
    private static Deployment target;
    private static MongoClient sourceClient;
    private static MongoClient targetClient;

    @TempDir
    Path directory;

    private MongoCollection<Document> orders;
    private MongoCollection<Document> copies;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        targetServer = MongodServer.replicaSet("target");
        source = sourceServer.deployment("source");
        target = targetServer.deployment("staging");
        sourceClient = sourceServer.client();
        targetClient = targetServer.client();
    }

    @AfterAll
    static void stop() {
        sourceClient.close();
        targetClient.close();
        source.close();
        target.close();
        sourceServer.close();
        targetServer.close();
    }

    @BeforeEach
    void bothHoldTheSame() {
        for (MongoClient client : List.of(sourceClient, targetClient)) {
            MongoDatabase shop = client.getDatabase("shop");
            shop.drop();
            shop.getCollection("orders")
                    .insertMany(IntStream.range(0, 500)
                            .mapToObj(i -> new Document("_id", i).append("n", i).append("list", List.of(1, 2)))
                            .toList());
            shop.runCommand(Document.parse("{create: 'ring', capped: true, size: 20000}"));
            shop.runCommand(Document.parse("{create: 'worded', collation: {locale: 'en', strength: 1}}"));
        }
        orders = sourceClient.getDatabase("shop").getCollection("orders");
        copies = targetClient.getDatabase("shop").getCollection("orders");
    }

    private interface Writes {
        void write() throws InterruptedException;
    }

    private Replayed replay(Writes writes) {
        OpTime from = source.fence("begin");
        return replay(from, writes);
    }

    private Replayed replay(OpTime from, Writes writes) {
        BackupPlan plan = plan(from);
        try (ObjectStore store = ObjectStores.directory(directory)) {
            writes.write();
            var slices = new BackupCatalog(store, "source").oplog(ID);
            OplogSpan span = new OplogCapture(source, slices, 64 << 10, () -> {}).capture(from, source.fence("end"));
            var scope = new ReplayScope(plan, segments(plan));
            Replayed replayed = new OplogReplay(List.of(new OplogLog(slices, span)), span.to(), scope, () -> {})
                    .into(target, 2, bytes -> {});
            scope.requireCounts(target);
            return replayed;
        } catch (InterruptedException thrown) {
            throw new AssertionError(thrown);
        }
    }

    private static BackupPlan plan(OpTime at) {
        List<CollectionShape> shapes = new CatalogReader(source).read();
        return new BackupPlan(ID, "source", source.identity(), at, Instant.EPOCH, shapes, List.of(), List.of());
    }

    private static List<Segment> segments(BackupPlan plan) {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < plan.collections().size(); i++) {
            segments.add(new Segment(
                    i, Optional.empty(), Optional.empty(), plan.at(), 0, 0, 0, "", "", false, Optional.empty()));
        }
        return segments;
    }

    private static void assertSame() {
        assertThat(targetServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
    }

    @Test
    void idsThatTheServerTakesForTheSameStayInTheirOrder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Replayed replayed = replay(() -> {
            for (int i = 0; i < 3_000; i++) {
                int number = random.nextInt(40);
                orders.deleteOne(new Document("_id", number));
                Object id = List.of(number, (long) number, (double) number, new Decimal128(number))
                        .get(random.nextInt(4));
                orders.insertOne(new Document("_id", id).append("n", i));
                if (random.nextBoolean()) {
                    orders.updateOne(new Document("_id", number), new Document("$inc", new Document("n", 1)));
                }
            }
        });
        assertThat(replayed.deletes()).as("with seed %d", seed).isEqualTo(3_000);
        assertSame();
    }

    @Test
    void emptyTimestampsStayEmpty() {
        replay(() -> {
            var entry = new Document("op", "i")
                    .append("ns", "shop.orders")
                    .append("o", new Document("_id", "zero").append("t", EMPTY));
            sourceClient
                    .getDatabase("admin")
                    .runCommand(new Document("applyOps", List.of(entry)).append("allowAtomic", false));
            orders.updateOne(new Document("_id", 2), new Document("$set", new Document("t", EMPTY)));
            orders.updateOne(
                    new Document("_id", 3), new Document("$set", new Document("in", new Document("t", EMPTY))));
        });
        assertThat(orders.countDocuments(new Document("t", EMPTY))).isEqualTo(2);
        assertSame();
    }

    @Test
    void aTransactionThatWasPreparedBeforeTheFirstMomentIsReplayedWhole() {
        try (ClientSession session = sourceClient.startSession()) {
            session.startTransaction();
            for (int i = 0; i < 20; i++) {
                orders.insertOne(session, new Document("_id", "large" + i).append("text", "x".repeat(1 << 20)));
            }
            orders.updateOne(session, new Document("_id", 5), new Document("$set", new Document("n", -5)));
            sourceClient
                    .getDatabase("admin")
                    .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
            Replayed replayed = replay(() -> {
                orders.updateOne(new Document("_id", 6), new Document("$set", new Document("n", -6)));
                sourceClient
                        .getDatabase("admin")
                        .runCommand(
                                session,
                                new Document("commitTransaction", 1)
                                        .append(
                                                "commitTimestamp",
                                                source.fence("between").timestamp()));
            });
            assertThat(replayed.inserts()).isEqualTo(20);
        }
        assertSame();
    }

    @Test
    void aTransactionThatWasAbortedLeavesNothing() {
        Replayed replayed = replay(() -> {
            try (ClientSession session = sourceClient.startSession()) {
                session.startTransaction();
                orders.deleteOne(session, new Document("_id", 7));
                sourceClient
                        .getDatabase("admin")
                        .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
                session.abortTransaction();
            }
        });
        assertThat(replayed.applied()).isZero();
        assertSame();
    }

    @Test
    void cappedAndCollatedCollectionsKeepTheOrderOfAllTheirOperations() {
        MongoCollection<Document> ring = sourceClient.getDatabase("shop").getCollection("ring");
        MongoCollection<Document> worded = sourceClient.getDatabase("shop").getCollection("worded");
        Replayed replayed = replay(() -> {
            for (int i = 0; i < 200; i++) {
                ring.insertOne(new Document("_id", -i).append("text", "x".repeat(i * 3)));
                worded.insertOne(new Document("_id", i % 2 == 0 ? "word" : "WORD"));
                worded.deleteOne(new Document("_id", "Word"));
            }
        });
        assertThat(replayed.deletes()).isGreaterThan(300);
        assertSame();
        assertThat(order(targetClient)).isEqualTo(order(sourceClient));
    }

    private static List<BsonValue> order(MongoClient client) {
        List<BsonValue> ids = new ArrayList<>();
        for (BsonDocument document : client.getDatabase("shop")
                .getCollection("ring", BsonDocument.class)
                .find()) {
            ids.add(document.getOrDefault("_id", BsonNull.VALUE));
        }
        return ids;
    }

    @Test
    void anInsertOfWhatIsThereAnUpdateOrDeleteOfWhatIsNotStopsWithTheEntrysName() {
        copies.insertOne(new Document("_id", "somebody@example.org"));
        assertDiverges("insert", () -> orders.insertOne(new Document("_id", "somebody@example.org")));
        copies.deleteMany(new Document());
        assertDiverges(
                "update", () -> orders.updateOne(new Document("_id", 8), new Document("$inc", new Document("n", 1))));
        assertDiverges("update", () -> orders.replaceOne(new Document("_id", 9), new Document("whole", 1)));
        assertDiverges("delete", () -> orders.deleteOne(new Document("_id", 10)));
        assertThat(copies.countDocuments()).isZero();
    }

    private void assertDiverges(String operation, Writes writes) {
        assertThatThrownBy(() -> replay(writes)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION_FAILED);
            assertThat(failure.text())
                    .containsPattern("oplog entry of \\d+,\\d+, " + operation + " of a document of shop.orders")
                    .doesNotContain("example.org");
        });
    }

    @Test
    void whatIsNoLongerInTheOplogIsMissed() {
        assertThatThrownBy(() -> replay(new OpTime(1, 1), () -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE));
    }
}
