package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.Manifest;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MoneyMover;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup under a writer is the source at one moment. The oracle is mongod's own dbHash of the source at that moment,
 * which it computes for whoever has enabled its test commands.
 */
class ExactMomentIT {
    private static final int ROUNDS = 4;

    @TempDir
    Path directory;

    @Test
    void whatComesBackIsTheSourceAtTheBackupsMomentThoughItIsWrittenToMeanwhile() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store);
                MoneyMover writer = new MoneyMover(sourceServer, seed).filled().started()) {
            for (int round = 1; round <= ROUNDS; round++) {
                long before = writer.transfers();
                Manifest manifest = recovery.backup(source, round);
                assertThat(writer.transfers() - before)
                        .as("transfers during backup %d", round)
                        .isPositive();
                Map<String, String> then = hashesAt(sourceServer, manifest.consistencyPoint());
                assertThat(then).as("the source has moved on").isNotEqualTo(hashesAt(sourceServer, now(sourceServer)));

                assertThat(recovery.restore(staging, "latest", "r" + round).failure())
                        .isNull();
                assertThat(hashes(stagingServer))
                        .as("round %d with seed %d", round, seed)
                        .isEqualTo(then);
                assertThat(MoneyMover.sum(stagingServer))
                        .as("round %d with seed %d", round, seed)
                        .isEqualTo(MoneyMover.SUM);
                new StagingCleaner(staging, new StagingMarker(staging)).clean();
            }
        }
    }

    private static Map<String, String> hashes(MongodServer server) {
        var hashes = new HashMap<String, String>();
        MoneyMover.DATABASES.forEach(database -> hashes.put(database, server.dbHash(database)));
        return hashes;
    }

    private static Map<String, String> hashesAt(MongodServer server, OpTime at) {
        var command = new Document("dbHash", 1).append("$_internalReadAtClusterTime", at.timestamp());
        var hashes = new HashMap<String, String>();
        try (MongoClient client = server.client()) {
            for (String database : MoneyMover.DATABASES) {
                hashes.put(
                        database,
                        client.getDatabase(database).runCommand(command).getString("md5"));
            }
        }
        return hashes;
    }

    private static OpTime now(MongodServer server) {
        try (MongoClient client = server.client()) {
            var hello = client.getDatabase("admin").runCommand(new Document("hello", 1));
            return OpTime.of(hello.get("lastWrite", Document.class)
                    .get("majorityOpTime", Document.class)
                    .get("ts", org.bson.BsonTimestamp.class));
        }
    }
}
