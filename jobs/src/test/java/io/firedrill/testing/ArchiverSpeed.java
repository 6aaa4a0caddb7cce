package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.OplogArchiver;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.OplogArchiving.Reading;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** Measures how fast an archiver is on one core, and what it takes from the source's: run it by hand, on a quiet machine. */
public final class ArchiverSpeed {
    private static final int ENTRIES = 300_000;
    private static final int BATCH = 1_000;
    private static final double NANOS = 1e9;

    private ArchiverSpeed() {}

    /** Takes no arguments; prints one line for each of three rounds, the first of which is cold. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("archiver-speed");
        try (ObjectStore store = ObjectStores.open(
                        new StoreSettings(directory.toUri().toString(), Optional.empty(), Optional.empty()));
                MongodServer server = MongodServer.replicaSet("source");
                Deployment source = server.deployment("source");
                MongoClient client = server.client()) {
            OplogArchiving.once(store, Reading.of(source));
            for (int round = 1; round <= 3; round++) {
                write(client.getDatabase("shop").getCollection("orders"));
                measure(round, store, source, server);
            }
        }
    }

    private static void measure(int round, ObjectStore store, Deployment source, MongodServer server) {
        Duration serverBefore = server.cpu();
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long before = System.nanoTime();
        OplogArchiver archiver = OplogArchiving.onceAtFullSize(store, Reading.of(source));
        double seconds = (System.nanoTime() - before) / NANOS;
        double cpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore) / NANOS;
        double mongod = server.cpu().minus(serverBefore).toNanos() / NANOS;
        long entries = archiver.figures().entries();
        System.out.printf(
                "round %d: %,d entries, %d MB in %.1f s (%,.0f/s); archiver %.2f CPU s (%,.0f/s on one core), mongod %.2f CPU s%n",
                round,
                entries,
                archiver.figures().bytesRaw() >> 20,
                seconds,
                entries / seconds,
                cpu,
                entries / cpu,
                mongod);
    }

    private static void write(MongoCollection<Document> orders) {
        for (int i = 0; i < ENTRIES; i += BATCH) {
            List<Document> batch = new ArrayList<>();
            for (int j = 0; j < BATCH; j++) {
                batch.add(new Document("n", i + j)
                        .append("pad", Integer.toHexString((i + j) * 31).repeat(130)));
            }
            orders.insertMany(batch);
        }
    }
}
