package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to few documents in whatever order: the copy is the source, which did it one by one. */
class InterleavingsIT {
    private static final int ROUNDS = Integer.getInteger("firedrill.replay.rounds", 3);
    private static final int WRITES = 3_000;

    @TempDir
    Path directory;

    @Test
    void anyInterleavingEndsAsIfDoneOneByOneInTransactionsAndWithout() {
        long seed = System.nanoTime();
        var seeds = new Random(seed);
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer setServer = MongodServer.replicaSet("target");
                MongodServer aloneServer = MongodServer.standalone();
                MongoClient client = sourceServer.client();
                Deployment source = sourceServer.deployment("source");
                Deployment set = setServer.deployment("staging");
                Deployment alone = aloneServer.deployment("staging")) {
            for (int round = 0; round < ROUNDS; round++) {
                emptied(List.of(sourceServer, setServer, aloneServer));
                OpTime from = source.fence("begin");
                new RandomWrites(client, client.getDatabase("shop").getCollection("orders"), seeds.nextLong())
                        .write(WRITES);
                try (var span = new LoggedSpan(source, from, source.fence("end"), directory.resolve("" + round))) {
                    Replayed replayed = span.replay(() -> {}).into(set, 2, bytes -> {});
                    span.replay(() -> {}).into(alone, 3, bytes -> {});
                    assertThat(replayed.updates())
                            .as("round %d with seed %d", round, seed)
                            .isGreaterThan(500);
                }
                assertThat(List.of(setServer.dbHash("shop"), aloneServer.dbHash("shop")))
                        .as("round %d with seed %d", round, seed)
                        .containsOnly(sourceServer.dbHash("shop"));
            }
        }
    }

    private static void emptied(List<MongodServer> servers) {
        for (MongodServer server : servers) {
            try (MongoClient client = server.client()) {
                client.getDatabase("shop").drop();
                client.getDatabase("shop").runCommand(new Document("create", "orders"));
            }
        }
    }
}
