package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.storage.Mount;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staging whose disk fills up in the middle of a restore. */
class FullStagingIT {
    private static final int DOCUMENTS = 1_500;
    private static final int DOCUMENT_BYTES = 64 << 10;
    private static final long ROOM_BYTES = 40L << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long seed = System.nanoTime();

    @TempDir
    Path directory;

    @Test
    void theRestoreGoesOnOnceThereIsRoomAndProvesTheWhole() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=4g")) {
            assumeTrue(mount.isThere(), "a staging whose disk is full: not tested, only root can mount a small disk");
            try (var source = MongodServer.replicaSet("orders");
                    var staging =
                            MongodServer.replicaSetIn(Files.createDirectories(disk.resolve("data")), "practice")) {
                fill(source);
                var call = new RealCall(directory)
                        .with("FIREDRILL_SOURCE_URI", source.uri())
                        .with("FIREDRILL_STAGING_URI", staging.uri() + "&serverSelectionTimeoutMS=5000");
                call.succeed("backup");
                mount.remount("size=%d".formatted(used(disk) + ROOM_BYTES));
                Told told = call.fail(40, "restore", "--confirm", "practice");
                assertThat(told.message()).contains("staging", "127.0.0.1:" + staging.port());
                assertThat(told.hint()).contains("goes on where it stopped");
                // Its log lies on the same disk, and may have found no room for the reason.
                Patience.await("the server has ended by itself", PATIENCE, staging::hasEnded);

                mount.remount("size=4g");
                staging.kill();
                staging.restart();
                call.succeed("restore", "--confirm", "practice");
                assertThat(call.out()).as("seed %d", seed).contains("PROVEN", "went on after an interruption");
                assertThat(staging.dbHash("shop")).as("seed %d", seed).isEqualTo(source.dbHash("shop"));
            }
        }
    }

    /** Bytes that no server can make fewer. */
    private void fill(MongodServer source) {
        var random = new Random(seed);
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("scans")
                    .insertMany(IntStream.range(0, DOCUMENTS)
                            .mapToObj(i -> {
                                byte[] bytes = new byte[DOCUMENT_BYTES];
                                random.nextBytes(bytes);
                                return new Document("_id", i).append("bytes", bytes);
                            })
                            .toList());
        }
    }

    private static long used(Path disk) throws IOException {
        FileStore store = Files.getFileStore(disk);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }
}
