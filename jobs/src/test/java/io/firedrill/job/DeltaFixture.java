package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A source with many small ranges, and backups of it within limits that a test can reach. */
abstract class DeltaFixture {
    static final int DOCUMENTS = 4_000;

    static MongodServer sourceServer;
    static MongodServer stagingServer;
    static MongoClient client;
    static Deployment source;

    @TempDir
    Path directory;

    ObjectStore store;
    Recovery recovery;
    MongoCollection<Document> orders;
    int number;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("orders");
        stagingServer = MongodServer.replicaSet("practice");
        client = sourceServer.client();
        source = sourceServer.deployment("source");
    }

    @AfterAll
    static void stop() {
        source.close();
        client.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void fill() {
        store = ObjectStores.directory(directory);
        recovery = new Recovery(store).deltas(new DeltaLimits(0.1, 0, 100_000));
        client.getDatabase("shop").drop();
        orders = client.getDatabase("shop").getCollection("orders");
        // Even ids, so that there is room between them.
        orders.insertMany(IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> new Document("_id", 2 * i).append("text", "x".repeat(300)))
                .toList());
    }

    @AfterEach
    void close() {
        try (Deployment staging = stagingServer.deployment("staging")) {
            var marker = new StagingMarker(staging);
            if (marker.read().isPresent()) {
                new StagingCleaner(staging, marker).clean();
            }
        }
        recovery.close();
        store.close();
    }

    /** One in a hundred documents, another one each time; one is new and one is gone in each range. */
    void changeEverywhere(int round) {
        for (int i = round; i < DOCUMENTS; i += 100) {
            orders.updateOne(eq("_id", 2 * i), Updates.set("text", "changed " + round));
            orders.insertOne(new Document("_id", 2 * i + 1).append("new", round));
            orders.deleteOne(eq("_id", 2 * i + 20));
        }
    }

    static boolean isWriteTo(RawBsonDocument entry, int id) {
        return entry.get("o2") instanceof BsonDocument key
                && key.getNumber("_id").intValue() == id;
    }

    RunRecord backedUp() {
        Ended ended = recovery.backup(source, Recovery.id(++number), Set.of());
        assertThat(ended.failure()).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        return ended.record();
    }

    void requireRestoresToSource() {
        try (Deployment staging = stagingServer.deployment("staging")) {
            Ended ended =
                    recovery.restore(staging, Recovery.id(number).value(), "restore-" + directory.hashCode() + number);
            assertThat(ended.failure()).isNull();
            requireEqualAndClean(staging);
        }
    }

    void requireRestoresTo(Predicate<String> changed) {
        try (Deployment staging = stagingServer.deployment("staging");
                MongoClient there = stagingServer.client()) {
            Ended ended =
                    recovery.restore(staging, Recovery.id(number).value(), "restore-" + directory.hashCode() + number);
            assertThat(ended.failure()).isNull();
            assertThat(there.getDatabase("shop").getCollection("orders").distinct("text", String.class))
                    .anyMatch(changed)
                    .allMatch(text -> text.startsWith("x") || changed.test(text));
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
        }
    }

    static void requireEqualAndClean(Deployment staging) {
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    /** By a query of the test's own and the JDK's digest. */
    void requireWhatAWholeReadingGives() throws Exception {
        var source = RestoreSource.of(recovery.catalog(), "latest");
        var raw = client.getDatabase("shop").getCollection("orders", RawBsonDocument.class);
        for (Segment segment : segments()) {
            FindIterable<RawBsonDocument> find = raw.find().hint(new Document("_id", 1));
            segment.min().ifPresent(find::min);
            segment.max().ifPresent(find::max);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<BsonValue> ids = new ArrayList<>();
            find.forEach(document -> {
                digest.update(document.getByteBuffer().asNIO());
                ids.add(document.get("_id"));
            });
            assertThat(source.digest(segment))
                    .as("range %s to %s, %d documents", segment.min(), segment.max(), ids.size())
                    .isEqualTo(HexFormat.of().formatHex(digest.digest()));
            assertThat(segment.documentsOfRange()).isEqualTo(ids.size());
        }
    }

    Path fileOf(Segment object) {
        return directory.resolve(recovery.catalog().segments().keyOf(object).value());
    }

    List<Segment> segments() {
        return segmentsOf("shop.orders");
    }

    List<Segment> segmentsOf(String namespace) {
        Manifest manifest = recovery.catalog().manifest(Recovery.id(number));
        var plan = recovery.catalog().plan(manifest);
        return manifest.parts().stream()
                .flatMap(ref -> recovery.catalog().part(manifest, ref).segments().stream())
                .filter(segment -> plan.collections()
                        .get(segment.collection())
                        .namespace()
                        .toString()
                        .equals(namespace))
                .toList();
    }

    static String note(RunRecord record, String name) {
        return record.json().path("notes").path(name).asString("");
    }

    static JsonNode check(RunRecord record) {
        return record.json()
                .path("verification")
                .path("checks")
                .valueStream()
                .filter(check -> check.path("id").asString("").equals("untouched"))
                .findFirst()
                .orElseThrow();
    }

    static long documentsReturned() {
        return client.getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("metrics", Document.class)
                .get("document", Document.class)
                .getLong("returned");
    }
}
