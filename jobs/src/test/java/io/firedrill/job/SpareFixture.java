package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A source with many small ranges, and backups of it that read no more than they have to. */
abstract class SpareFixture {
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

    private final int step;
    private final DeltaLimits limits;

    /**
     * @param step from one id to the next
     */
    SpareFixture(int step, DeltaLimits limits) {
        this.step = step;
        this.limits = limits;
    }

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
        recovery = new Recovery(store).deltas(limits);
        client.getDatabase("shop").drop();
        orders = client.getDatabase("shop").getCollection("orders");
        orders.insertMany(IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> new Document("_id", step * i).append("text", "x".repeat(300)))
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

    static void requireEqualAndClean(Deployment staging) {
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
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

    /** The same plan for the present moment. */
    static BackupPlan at(BackupPlan plan) {
        return new BackupPlan(
                plan.id(),
                plan.source(),
                plan.identity(),
                source.fence("now"),
                plan.createdAt(),
                plan.collections(),
                plan.units(),
                plan.excluded());
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
