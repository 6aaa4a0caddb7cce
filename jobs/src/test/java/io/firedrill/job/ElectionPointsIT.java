package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Follower;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.OplogArchiving.Reading;
import io.firedrill.testing.Patience;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Points before, at and behind elections of a source of three members, from one backup that is older than all of them. What
 * the source was then, another mongod says that applied the source's oplog, and the source itself where it stood still.
 */
class ElectionPointsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final NavigableMap<OpTime, String> hashes = new TreeMap<>();

    @Test
    void pointsBeforeAtAndBehindElectionsAreReachedExactly() {
        try (MemberSet set = MemberSet.electable("source", 3);
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                var follower = new Follower(set.member(0));
                Deployment source = set.deployment();
                Deployment staging = stagingServer.deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            OpTime begin = history(set, source, store, recovery);
            List<RawBsonDocument> oplog = oplog(set, begin);
            Map<OpTime, String> points = points(oplog);
            assertThat(points.values())
                    .as("elections; a machine that stands still for long may see to another")
                    .filteredOn("the new term's no-op"::equals)
                    .hasSizeGreaterThanOrEqualTo(2);
            int run = 0;
            for (var point : new TreeMap<>(points).entrySet()) {
                String which = point.getKey() + ", " + point.getValue();
                follower.advance(point.getKey());
                Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(point.getKey()), "p" + ++run);
                assertThat(ended.failure()).as(which).isNull();
                assertThat(ended.record().json().at("/point/reached").asString())
                        .as(which)
                        .isEqualTo(point.getKey().toString());
                follower.assertEqual(stagingServer, which);
                if (hashes.containsKey(point.getKey())) {
                    assertThat(stagingServer.dbHash("shop")).as(which).isEqualTo(hashes.get(point.getKey()));
                }
                System.out.printf("%s: reached, equal%n", which);
                new StagingCleaner(staging, new StagingMarker(staging)).clean();
            }
        }
    }

    /** A backup, then a step-down and the death of a primary, with writes before, between, during and after. */
    private OpTime history(MemberSet set, Deployment source, ObjectStore store, Recovery recovery) {
        Reading reading = new Reading(
                source, ReadFrom.SECONDARY, host -> Deployments.connectToMember(set.uri(), "source member", host));
        try (MongoClient client = MongoClients.create(set.uri());
                ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
                var archiving = OplogArchiving.follow(store, reading)) {
            await(
                    "the archive has begun",
                    archiving,
                    () -> archiving.archiver().figures().links() > 0);
            write(client.getDatabase("shop"), 0);
            OpTime begin = recovery.backup(source, 1).consistencyPoint();
            MongoCollection<Document> steady = client.getDatabase("steady").getCollection("orders");
            var _ = writer.scheduleWithFixedDelay(() -> attempt(steady), 0, 5, TimeUnit.MILLISECONDS);
            quiet(client, source, 1);
            int first = set.primary();
            set.stepDown(first);
            set.awaitPrimaryOtherThan(first);
            quiet(client, source, 2);
            int second = set.primary();
            set.member(second).kill();
            set.awaitPrimaryOtherThan(second);
            set.member(second).restart();
            quiet(client, source, 3);
            writer.shutdown();
            OpTime end = source.fence("end");
            await(
                    "all is archived",
                    archiving,
                    () -> archiving.archiver().end().orElseThrow().at().compareTo(end) >= 0);
            assertThat(archiving.archiver().gaps()).isEmpty();
            return begin;
        }
    }

    /** Writes, and asks the source what it is when they are through. */
    private void quiet(MongoClient client, Deployment source, int round) {
        write(client.getDatabase("shop"), round);
        OpTime at = source.fence("round " + round);
        hashes.put(
                at,
                client.getDatabase("shop").runCommand(new Document("dbHash", 1)).getString("md5"));
    }

    private static void write(MongoDatabase shop, int round) {
        MongoCollection<Document> orders = shop.getCollection("orders");
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            documents.add(new Document("_id", 100 * round + i).append("n", i % 7));
        }
        orders.insertMany(documents);
        orders.updateMany(Filters.eq("n", round), Updates.inc("m", 1));
        orders.deleteMany(Filters.eq("n", 6 - round));
        orders.createIndex(new Document("f" + round, 1));
        shop.getCollection("draft").insertOne(new Document("round", round));
        shop.getCollection("draft").renameCollection(new MongoNamespace("shop", "kept" + round));
        if (round > 1) {
            shop.getCollection("kept" + (round - 2)).drop();
        }
    }

    private static void attempt(MongoCollection<Document> steady) {
        try {
            steady.insertOne(new Document("pad", "x".repeat(100)));
        } catch (MongoException _) {
            // There is no primary just now.
            return;
        }
    }

    /** For each election the entry before the new term's first, which is a no-op, this one, and the first write after it. */
    private Map<OpTime, String> points(List<RawBsonDocument> oplog) {
        Map<OpTime, String> points = new HashMap<>();
        hashes.keySet().forEach(at -> points.put(at, "a quiet moment"));
        boolean newTerm = false;
        for (int i = 1; i < oplog.size(); i++) {
            RawBsonDocument entry = oplog.get(i);
            boolean noop = entry.getString("op").getValue().equals("n");
            if (noop
                    && entry.getDocument("o")
                            .getString("msg", new BsonString(""))
                            .getValue()
                            .equals("new primary")) {
                points.put(at(oplog.get(i - 1)), "the old term's last entry");
                points.put(at(entry), "the new term's no-op");
                newTerm = true;
            } else if (newTerm && !noop) {
                points.put(at(entry), "the new term's first write");
                newTerm = false;
            }
        }
        points.put(at(oplog.getLast()), "the last entry");
        return points;
    }

    private static OpTime at(RawBsonDocument entry) {
        return OpTime.of(entry.getTimestamp("ts", new BsonTimestamp()));
    }

    /** From a moment to the last fence, which is archived; later ones may not be. */
    private List<RawBsonDocument> oplog(MemberSet set, OpTime from) {
        try (MongoClient client = MongoClients.create(set.uri())) {
            return client.getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(Filters.and(
                            Filters.gte("ts", from.timestamp()),
                            Filters.lte("ts", hashes.lastKey().timestamp())))
                    .sort(new Document("$natural", 1))
                    .into(new ArrayList<>());
        }
    }

    private static void await(String what, OplogArchiving archiving, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, () -> {
            assertThat(archiving.isEnded()).as("the archiver has ended").isFalse();
            return condition.getAsBoolean();
        });
    }
}
