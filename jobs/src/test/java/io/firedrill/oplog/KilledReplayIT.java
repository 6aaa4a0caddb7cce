package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.MongodServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay that is killed, again and again, at moments nobody chose: it goes on, strictly, and ends as if it never had been. */
class KilledReplayIT {
    /** For CI; the whole with {@code -Dfiredrill.replay.kills=20}. */
    private static final int KILLS = Integer.getInteger("firedrill.replay.kills", 3);

    private static final int ENTRIES_EACH = 12_000;
    private static final long SECONDS_MAX = 120;

    @TempDir
    Path directory;

    @Test
    void aKilledReplayGoesOnWhereItStoppedAndEndsEqual() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer targetServer = MongodServer.replicaSet("target");
                MongoClient sourceClient = sourceServer.client();
                MongoClient targetClient = targetServer.client();
                Deployment source = sourceServer.deployment("source")) {
            for (MongoClient client : List.of(sourceClient, targetClient)) {
                client.getDatabase("shop").runCommand(new Document("create", "orders"));
            }
            OpTime from = source.fence("begin");
            MongoCollection<Document> orders = sourceClient.getDatabase("shop").getCollection("orders");
            write(orders, random);
            new RandomWrites(sourceClient, orders, seed).write(1_000);
            OpTime to = source.fence("end");
            Path output = directory.resolve("output");
            long progress = 0;
            int kills = 0;
            Process process = ReplayProcess.start(sourceServer.uri(), targetServer.uri(), directory, from, to, output);
            while (kills < KILLS && advanced(process, targetClient, progress)) {
                progress = progress(targetClient);
                process.waitFor(random.nextInt(200), TimeUnit.MILLISECONDS);
                kills += process.isAlive() ? 1 : 0;
                process.destroyForcibly().waitFor();
                process = ReplayProcess.start(sourceServer.uri(), targetServer.uri(), directory, from, to, output);
            }
            int code = process.waitFor();
            System.out.printf("killed replays: %d kills, the last attempt %s", kills, Files.readString(output));
            assertThat(code)
                    .as("%s, with seed %d", Files.readString(output), seed)
                    .isZero();
            assertThat(kills).as("kills with seed %d", seed).isEqualTo(KILLS);
            assertThat(Files.readString(output)).contains("repeated ").doesNotContain("repeated 0 ");
            assertThat(targetServer.dbHash("shop")).as("with seed %d", seed).isEqualTo(sourceServer.dbHash("shop"));
        }
    }

    /** Whether it has brought more into the target than the attempts before it; false when it has ended. */
    private static boolean advanced(Process process, MongoClient target, long before) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (System.nanoTime() < deadline) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                return false;
            }
            if (progress(target) > before) {
                return true;
            }
        }
        throw new AssertionError("no progress in %d s".formatted(SECONDS_MAX));
    }

    private static long progress(MongoClient target) {
        long sum = 0;
        for (Document mark : target.getDatabase(LoggedSpan.WATERMARKS.database())
                .getCollection(LoggedSpan.WATERMARKS.collection())
                .find()) {
            sum += mark.containsKey("number") ? mark.getLong("number") : 0;
        }
        return sum;
    }

    private static void write(MongoCollection<Document> orders, Random random) {
        var unordered = new BulkWriteOptions().ordered(false);
        List<WriteModel<Document>> some = new ArrayList<>();
        for (int i = 0; i < KILLS * ENTRIES_EACH; i++) {
            // Ids that were inserted a while ago, and perhaps deleted since.
            Document key = new Document("_id", random.nextInt(i + 1));
            switch (random.nextInt(10)) {
                case 0 -> some.add(new DeleteOneModel<>(key));
                case 1, 2, 3, 4, 5, 6 -> some.add(new UpdateOneModel<>(key, Updates.inc("n", i)));
                default -> some.add(new InsertOneModel<>(new Document("_id", i).append("n", 0)));
            }
            if (some.size() == 500) {
                orders.bulkWrite(some, unordered);
                some.clear();
            }
        }
    }
}
