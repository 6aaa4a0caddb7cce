package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.Follower;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores to points in time through the whole job. What the source was then, another mongod says that applied the source's
 * oplog up to that entry.
 */
class PointInTimeIT {
    /** For CI; more with {@code -Dfiredrill.points=40}. */
    private static final int RANDOM_POINTS = Integer.getInteger("firedrill.points", 3);

    @TempDir
    Path directory;

    @Test
    void aRestoreReachesExactlyThePointAskedFor() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled();
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            OpTime begin = source.fence("begin");
            writes.started();
            OpTime base = recovery.backup(source, 1).consistencyPoint();
            var points = new TreeMap<OpTime, String>(history(sourceServer, source));
            OpTime later = recovery.backup(source, 2).consistencyPoint();
            OpTime end = source.fence("end");
            List<BsonDocument> entries = HandmadeArchive.entries(sourceServer, base, end);
            new HandmadeArchive(recovery.catalog()).archive(sourceServer, begin, end, 100);

            points.put(base, "the base itself");
            points.put(later.previous(), "the moment before a later base");
            points.put(end, "the last entry");
            var random = new Random(seed);
            for (int i = 0; i < RANDOM_POINTS; i++) {
                BsonDocument entry = entries.get(random.nextInt(entries.size()));
                points.put(OpTime.of(entry.getTimestamp("ts")), "a random entry");
            }
            int run = 0;
            for (var point : points.entrySet()) {
                String which = "%s, %s, seed %d".formatted(point.getKey(), point.getValue(), seed);
                follower.advance(point.getKey());
                Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(point.getKey()), "p" + ++run);
                System.out.printf(
                        "point %s: %s%n",
                        which,
                        ended.record().json().path("notes").path("replayed").asString(""));
                assertThat(ended.failure()).as(which).isNull();
                follower.assertEqual(stagingServer, which);
                assertReached(ended, point.getKey(), entries, which);
                new StagingCleaner(staging, new StagingMarker(staging)).clean();
                assertThat(databases(stagingServer))
                        .as("left behind after %s", which)
                        .isEmpty();
            }
        }
    }

    /** The list of views that the first attempt's log created outlives the views, and must not stand in the second's way. */
    @Test
    void aRestoreThatBeginsAnewMeetsNothingOfTheAttemptBefore() {
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                MongoClient client = sourceServer.client();
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            MongoDatabase shop = client.getDatabase("shop");
            shop.getCollection("orders").insertMany(documents(5));
            OpTime begin = source.fence("begin");
            recovery.backup(source, 1);
            shop.createView("seen", "orders", List.of());
            shop.getCollection("seen").drop();
            shop.createView("seen", "orders", List.of(new Document("$match", new Document("n", 1))));
            OpTime end = source.fence("end");
            new HandmadeArchive(recovery.catalog()).archive(sourceServer, begin, end, 100);
            for (int attempt = 1; attempt <= 2; attempt++) {
                Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(end), "again");
                assertThat(ended.failure()).as("attempt %d", attempt).isNull();
                assertThat(stagingServer.dbHash("shop"))
                        .as("attempt %d", attempt)
                        .isEqualTo(sourceServer.dbHash("shop"));
            }
        }
    }

    private static void assertReached(Ended ended, OpTime asked, List<BsonDocument> entries, String which) {
        OpTime last = entries.stream()
                .map(entry -> OpTime.of(entry.getTimestamp("ts")))
                .filter(at -> at.compareTo(asked) <= 0)
                .max(OpTime::compareTo)
                .orElseThrow();
        var point = ended.record().json().path("point");
        assertThat(point.path("asked").asString("")).as(which).isEqualTo(asked.toString());
        assertThat(point.path("reached").asString("")).as(which).isEqualTo(last.toString());
        assertThat(point.path("proof").asString("")).as(which).isEqualTo("base digests + strict replay");
        assertThat(ended.record().rpoSeconds().orElse(-1)).as(which).isZero();
    }

    private static List<String> databases(MongodServer server) {
        try (MongoClient client = server.client()) {
            List<String> names = client.listDatabaseNames().into(new ArrayList<>());
            names.removeAll(List.of("admin", "config", "local"));
            return names;
        }
    }

    /** What happens by hand, and the moments of it that somebody will want back. */
    private static Map<OpTime, String> history(MongodServer server, Deployment source) {
        var points = new TreeMap<OpTime, String>();
        try (MongoClient client = server.client()) {
            MongoDatabase shop = client.getDatabase("shop");
            shop.getCollection("orders").insertMany(documents(50));
            shop.getCollection("orders").createIndex(new Document("n", 1));
            shop.runCommand(Document.parse("{create: 'seen', viewOn: 'orders', pipeline: []}"));
            OpTime before = source.fence("before the drop");
            points.put(before, "with a new collection, its index and its view");
            shop.getCollection("orders").drop();
            points.put(source.fence("after the drop"), "after the drop");
            shop.getCollection("orders").insertMany(documents(3));
            shop.getCollection("orders").renameCollection(new com.mongodb.MongoNamespace("shop", "kept"));
            points.put(source.fence("renamed"), "renamed");
            OpTime begun = source.fence("before the transaction");
            transaction(client);
            OpTime ended = source.fence("after the transaction");
            List<BsonDocument> parts = HandmadeArchive.entries(server, begun, ended).stream()
                    .filter(entry -> entry.getDocument("o").containsKey("partialTxn"))
                    .toList();
            assertThat(parts).as("parts of a large transaction").isNotEmpty();
            points.put(OpTime.of(parts.getLast().getTimestamp("ts")), "within a transaction");
            points.put(ended, "after a transaction of several parts");
            shop.drop();
            points.put(source.fence("gone"), "after dropDatabase");
        }
        return points;
    }

    private static List<Document> documents(int count) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(new Document("_id", i).append("n", i));
        }
        return documents;
    }

    /** Too large for one entry. */
    private static void transaction(MongoClient client) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            for (int i = 0; i < 3; i++) {
                client.getDatabase("shop")
                        .getCollection("kept")
                        .insertOne(session, new Document("_id", "large" + i).append("x", "x".repeat(9 << 20)));
            }
            session.commitTransaction();
        }
    }
}
