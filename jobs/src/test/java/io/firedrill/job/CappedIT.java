package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import io.firedrill.archive.Manifest;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capped collections that are written while they are backed up; the source's own oplog says what they held when. */
class CappedIT {
    @TempDir
    Path directory;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> writers = new ArrayList<>();
    private MongodServer source;
    private MongodServer staging;
    private ObjectStore store;
    private Recovery recovery;

    @BeforeEach
    void start() {
        source = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        staging = MongodServer.replicaSet("staging");
        store = ObjectStores.directory(directory.resolve("store"));
        recovery = new Recovery(store);
        try (MongoClient client = source.client()) {
            client.getDatabase("logs").runCommand(Document.parse("{create: 'ring', capped: true, size: 100000000}"));
            client.getDatabase("logs").getCollection("other").insertOne(new Document("_id", -1));
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        stopped.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        recovery.close();
        store.close();
        source.close();
        staging.close();
    }

    @Test
    void whatIsWrittenDuringABackupIsInItUpToItsMomentAndNotBeyond() {
        try (MongoClient client = source.client();
                Deployment from = source.deployment("source");
                Deployment to = staging.deployment("staging")) {
            MongoCollection<Document> ring = client.getDatabase("logs").getCollection("ring");
            MongoCollection<Document> other = client.getDatabase("logs").getCollection("other");
            write(i -> (i % 20 == 0 ? ring : other).insertOne(new Document("_id", i)));
            for (int number = 1; number <= 5; number++) {
                Manifest manifest = recovery.backup(from, number);
                Ended ended = recovery.drill(to, "latest", "d" + number);

                assertThat(ended.failure()).isNull();
                assertThat(documents(manifest, "logs.ring")).isEqualTo(logged(client, manifest, "logs.ring"));
                assertThat(documents(manifest, "logs.other")).isEqualTo(logged(client, manifest, "logs.other"));
            }
        }
    }

    @Test
    void oneThatIsNeverQuietIsNamedAndNothingIsSealed() {
        try (MongoClient client = source.client();
                Deployment from = source.deployment("source")) {
            MongoCollection<Document> ring = client.getDatabase("logs").getCollection("ring");
            slowFences(client);
            for (int thread = 0; thread < 3; thread++) {
                write(_ -> insertMany(ring));
            }
            awaitDocuments(ring);
            Ended ended = recovery.backup(from, Recovery.id(1), Set.of());
            Ended leftOut = recovery.backup(from, Recovery.id(2), Set.of("logs.ring"));

            assertThat(Failure.in(ended.failure()).orElseThrow().kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
            assertThat(String.valueOf(ended.failure())).contains("logs.ring");
            assertThat(recovery.catalog().isSealed(Recovery.id(1))).isFalse();
            assertThat(leftOut.failure()).isNull();
        }
    }

    /** So many at a time that the server goes on with them for longer than a fence takes, also while nobody else has his turn. */
    private static void insertMany(MongoCollection<Document> ring) {
        ring.withWriteConcern(WriteConcern.W1)
                .insertMany(IntStream.range(0, 20_000)
                        .mapToObj(i -> new Document("n", i))
                        .toList());
    }

    /** So slow that writers of a busy machine, too, get between two of them. */
    private static void slowFences(MongoClient client) {
        client.getDatabase("admin")
                .runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: 'alwaysOn', data: {failCommands:"
                        + " ['appendOplogNote'], blockConnection: true, blockTimeMS: 100}}"));
    }

    @Test
    void aSourceThatEndsTheLongReadIsToldHow() {
        try (MongoClient client = source.client();
                Deployment from = source.deployment("source")) {
            for (int i = 0; i < 20; i++) {
                client.getDatabase("logs").getCollection("ring").insertOne(new Document("x", "x".repeat(1 << 20)));
            }
            client.getDatabase("admin")
                    .runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: 'alwaysOn', data:"
                            + " {failCommands: ['getMore'], errorCode: 251}}"));
            Ended ended = recovery.backup(from, Recovery.id(1), Set.of());

            Failure failure = Failure.in(ended.failure()).orElseThrow();
            assertThat(failure.text()).contains("logs.ring");
            assertThat(failure.hint()).contains("transactionLifetimeLimitSeconds");
            assertThat(recovery.catalog().isSealed(Recovery.id(1))).isFalse();
        }
    }

    private interface Write {
        void write(int number);
    }

    private void write(Write write) {
        writers.add(Thread.startVirtualThread(() -> {
            for (int i = 0; !stopped.get(); i++) {
                write.write(i);
            }
        }));
    }

    private static void awaitDocuments(MongoCollection<Document> collection) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (collection.estimatedDocumentCount() < 100) {
            assertThat(System.nanoTime()).as("the writer's deadline").isLessThan(deadline);
        }
    }

    private long documents(Manifest manifest, String namespace) {
        var plan = recovery.catalog().plan(manifest);
        return manifest.parts().stream()
                .flatMap(ref -> recovery.catalog().part(manifest, ref).segments().stream())
                .filter(segment -> plan.collections()
                        .get(segment.collection())
                        .namespace()
                        .toString()
                        .equals(namespace))
                .mapToLong(segment -> segment.documents())
                .sum();
    }

    /** Nothing is ever removed in this test: the inserts up to the moment are what was there. */
    private static long logged(MongoClient client, Manifest manifest, String namespace) {
        return client.getDatabase("local")
                .getCollection("oplog.rs")
                .countDocuments(Filters.and(
                        Filters.eq("op", "i"),
                        Filters.eq("ns", namespace),
                        Filters.lte("ts", manifest.consistencyPoint().timestamp())));
    }
}
