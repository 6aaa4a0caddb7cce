package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import io.firedrill.evidence.Outcome;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Oracle;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SpoiledArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.BsonDateTime;
import org.bson.BsonJavaScript;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random changes, and after each pattern of them a backup that reads only what they touched, documents or ranges: restored, it is what the source
 * is by mongod's own digests. {@code -Dfiredrill.aware.patterns=100} is the full size.
 */
class ChangePatternsIT {
    private static final int PATTERNS = Integer.getInteger("firedrill.aware.patterns", 5);
    private static final List<String> DATABASES = List.of("every", "ring", "types");

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;

    private final long seed = Long.getLong("firedrill.aware.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> done = new ArrayList<>();
    private long untouched;
    private long changed;
    private long segments;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("orders");
        stagingServer = MongodServer.replicaSet("practice");
    }

    @AfterAll
    static void stop() {
        sourceServer.close();
        stagingServer.close();
    }

    @Test
    void noSegmentIsWronglyTakenForUntouched(@TempDir Path directory) {
        System.out.println("change patterns, seed " + seed);
        try (ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store).deltas(new DeltaLimits(0.3, 0, 100_000));
                MongoClient client = sourceServer.client();
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled()) {
            fillTypes(client.getDatabase("types"));
            SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
            recovery.backup(source, 1);
            for (int pattern = 1; pattern <= PATTERNS; pattern++) {
                done.clear();
                if (pattern == 1) {
                    // Whatever chance has in store, a few documents have changed once, and nothing else.
                    few(client.getDatabase("types").getCollection("moved"));
                    requireEqual(recovery, source, staging, pattern);
                    continue;
                }
                change(client, writes);
                if (random.nextInt(3) > 0) {
                    archive.advance();
                    done.add("archived");
                }
                if (random.nextBoolean()) {
                    change(client, writes);
                }
                requireEqual(recovery, source, staging, pattern);
            }
        }
        System.out.printf(
                "%d change patterns: of %d segments %d untouched and left unread, %d stored as deltas%n",
                PATTERNS, segments, untouched, changed);
        assertThat(untouched).as("segments left unread").isGreaterThan(PATTERNS);
        assertThat(changed).as("segments of which little was read").isPositive();
    }

    private void requireEqual(Recovery recovery, Deployment source, Deployment staging, int pattern) {
        String which = "pattern %d of seed %d: %s".formatted(pattern, seed, done);
        Ended backup = recovery.backup(source, Recovery.id(pattern + 1), Set.of());
        assertThat(backup.failure()).as(which).isNull();
        assertThat(backup.record().outcome()).as(which).isEqualTo(Outcome.PASSED);
        var notes = backup.record().json().path("notes");
        untouched += Long.parseLong(notes.path("segments-untouched").asString("0"));
        changed += Long.parseLong(notes.path("segments-changed").asString("0"));
        segments +=
                recovery.catalog().manifest(Recovery.id(pattern + 1)).totals().segments();
        Ended restored = recovery.restore(staging, Recovery.id(pattern + 1).value(), "patterns-" + seed + pattern);
        assertThat(restored.failure()).as(which).isNull();
        for (String database : DATABASES) {
            assertThat(Oracle.compare(sourceServer, stagingServer, database).content())
                    .as(
                            "collections of %s, %s (%s)",
                            database, which, notes.path("untouched").asString(""))
                    .isEmpty();
        }
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    private void few(MongoCollection<Document> moved) {
        moved.updateMany(
                Document.parse("{_id: {$mod: [1000, %d]}}".formatted(random.nextInt(1_000))),
                Updates.set("n", random.nextInt()));
    }

    private void change(MongoClient client, EveryWrite writes) {
        MongoDatabase types = client.getDatabase("types");
        int kind = random.nextInt(8);
        done.add(Integer.toString(kind));
        switch (kind) {
            case 0 -> done.add("nothing");
            case 1 -> writes.burst(1 + random.nextInt(3));
            case 2 -> someTypes(types.getCollection("typed"), 1 + random.nextInt(3));
            case 3 -> transaction(client);
            case 4 -> types.getCollection("moved").deleteMany(gte("_id", random.nextInt(3_000)));
            case 5 -> few(types.getCollection("moved"));
            case 6 -> redefine(client, types);
            default -> refill(types.getCollection("moved"), random.nextInt(3_000));
        }
    }

    /** What changes collections rather than documents, and what brings all documents of one under another identity. */
    private void redefine(MongoClient client, MongoDatabase types) {
        int kind = random.nextInt(5);
        done.add("redefined " + kind);
        switch (kind) {
            case 0 -> rename(client, "moved", "away", "moved");
            case 1 -> {
                types.getCollection("moved").drop();
                refill(types.getCollection("moved"), 0);
            }
            case 2 -> types.getCollection("moved").createIndex(new Document("n", random.nextBoolean() ? 1 : -1));
            case 3 -> types.runCommand(Document.parse("{collMod: 'moved', validator: {n: {$ne: 'x'}}}"));
            default ->
                types.getCollection("moved")
                        .aggregate(List.of(
                                new Document("$set", new Document("out", random.nextInt())),
                                new Document("$out", "moved")))
                        .toCollection();
        }
    }

    private static void rename(MongoClient client, String... names) {
        for (int i = 1; i < names.length; i++) {
            client.getDatabase("admin")
                    .runCommand(new Document("renameCollection", "types." + names[i - 1])
                            .append("to", "types." + names[i]));
        }
    }

    private void transaction(MongoClient client) {
        try (ClientSession session = client.startSession()) {
            MongoDatabase types = client.getDatabase("types");
            session.withTransaction(() -> {
                types.getCollection("moved").updateOne(session, eq("_id", random.nextInt(3_000)), Updates.inc("n", 1));
                types.getCollection("typed").deleteOne(session, eq("_id", id(random.nextInt(60), random.nextInt(16))));
                return 0;
            });
        }
    }

    private void someTypes(MongoCollection<Document> typed, int count) {
        for (int i = 0; i < count; i++) {
            Object id = id(random.nextInt(60), random.nextInt(16));
            if (random.nextBoolean()) {
                typed.deleteOne(eq("_id", id));
            } else {
                typed.replaceOne(
                        eq("_id", id),
                        new Document("n", random.nextInt()).append("text", "t".repeat(900)),
                        new ReplaceOptions().upsert(true));
            }
        }
    }

    private void fillTypes(MongoDatabase types) {
        List<Document> all = new ArrayList<>();
        for (int kind = 0; kind < 16; kind++) {
            for (int number = 0; number < (kind > 13 ? 1 : 60); number++) {
                all.add(new Document("_id", id(number, kind)).append("text", "t".repeat(900)));
            }
        }
        // Equal numbers of several types are one id; the server refuses the second.
        all.removeIf(document -> document.get("_id") instanceof Long);
        types.getCollection("typed").insertMany(all);
        refill(types.getCollection("moved"), 0);
    }

    private static void refill(MongoCollection<Document> moved, int from) {
        moved.deleteMany(gte("_id", from));
        moved.insertMany(IntStream.range(from, 3_000)
                .mapToObj(i -> new Document("_id", i).append("text", "m".repeat(200)))
                .toList());
    }

    /** An id of one of sixteen kinds. */
    private static Object id(int number, int kind) {
        return switch (kind) {
            case 0 -> number;
            case 1 -> (long) number;
            case 2 -> number + 0.5;
            case 3 -> new Decimal128(1_000 + number);
            case 4 -> "text " + number;
            case 5 -> "é\u0000" + number;
            case 6 -> new Document("a", number).append("b", "c");
            case 7 -> new Binary((byte) (number % 6), new byte[] {(byte) number});
            case 8 -> new ObjectId(number, number);
            case 9 -> new BsonDateTime(number - 30L);
            case 10 -> new BsonTimestamp(number + 1, 1);
            case 11 -> new BsonSymbol("symbol " + number);
            case 12 -> new BsonJavaScript("f(" + number + ")");
            case 13 -> new UUID(number, number).toString();
            case 14 -> new BsonMinKey();
            default -> new BsonMaxKey();
        };
    }
}
